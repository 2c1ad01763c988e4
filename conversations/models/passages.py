"""How recall finds what was said."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F
from django.utils.deconstruct import deconstructible
from pgvector.django import BitField, HalfVectorField

from conversations.models.dimensions import EMBEDDING_DIMENSIONS
from conversations.models.talk import Turn


@deconstructible(path="conversations.models.AsArray")
class AsArray(models.Func):
    """A number as an array of one, which a GIN index takes beside words."""

    template = "(ARRAY[%(expressions)s])"
    output_field = ArrayField(models.BigIntegerField())


@deconstructible(path="conversations.models.Signs")
class Signs(models.Func):
    """Which numbers of a vector are above zero, a bit each. length: how many numbers it has."""

    template = "(binary_quantize(%(expressions)s)::bit(%(length)s))"


class Passage(models.Model):
    """How recall finds one turn: by its meaning and by its words. Made once, in the background; a
    turn without one is not embedded yet, was forgotten, or belongs to somebody without memory."""

    turn = models.OneToOneField(
        Turn, on_delete=models.CASCADE, primary_key=True, related_name="passage"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passages", db_index=False
    )
    embedding = HalfVectorField(dimensions=EMBEDDING_DIMENSIONS, editable=False)
    words = SearchVectorField(editable=False)
    signs = models.GeneratedField(
        expression=Signs("embedding", length=EMBEDDING_DIMENSIONS),
        output_field=BitField(length=EMBEDDING_DIMENSIONS),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # Each user's vectors lie side by side in it: exact search reads nothing else.
            models.Index(fields=["user", "turn"], include=["embedding"], name="passage_by_user"),
            # A tenth of it: to count somebody's turns, and to choose among very many.
            models.Index(fields=["user"], include=["turn", "signs"], name="passage_signs"),
            # Kept up to date at once: what waits in a list is searched entry by entry, for 8 ms.
            GinIndex(AsArray("user_id"), F("words"), name="passage_words", fastupdate=False),
        ]

    def __str__(self) -> str:
        return f"of turn {self.turn_id}"
