"""What is known of a user."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from pgvector.django import VectorField

from conversations.models.dimensions import EMBEDDING_DIMENSIONS
from conversations.models.talk import Turn

FACT_LENGTH = 500
"""Characters of a remembered fact: a short sentence, or a long one."""


class Memory(models.Model):
    """One fact about a user, in a short sentence. One that a newer fact replaces is kept
    and points at it, so that the history can be shown."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memories"
    )
    text = models.CharField(max_length=FACT_LENGTH)
    source = models.ForeignKey(
        Turn, on_delete=models.SET_NULL, null=True, blank=True, related_name="memories"
    )
    confidence = models.FloatField(
        default=1.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)]
    )
    pinned = models.BooleanField(default=False)
    superseded_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="supersedes"
    )
    created_at = models.DateTimeField(db_default=Now())
    embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, null=True, blank=True, editable=False)

    class Meta:
        verbose_name_plural = "memories"
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user", "-created_at"])]

    def __str__(self) -> str:
        return self.text
