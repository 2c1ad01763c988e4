"""Answers that may be given again, and how they sound."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from pgvector.django import VectorField

from conversations.models.agents import Agent
from conversations.models.dimensions import EMBEDDING_DIMENSIONS
from conversations.models.talk import Turn


class CachedReply(models.Model):
    """An answer that may be given again to the same question, within its partition: agent and
    version, language, model family and, where anything personal was touched, the user."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="cached_replies")
    agent_version = models.PositiveIntegerField()
    language = models.CharField(max_length=16)
    model_family = models.CharField(max_length=80)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cached_replies",
    )
    question = models.TextField()
    answer = models.TextField()
    hits = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    source = models.ForeignKey(
        Turn,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cached_replies",
        help_text="The reply it was; whoever deletes that deletes this.",
    )
    embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, editable=False)

    class Meta:
        verbose_name_plural = "cached replies"
        indexes = [
            models.Index(fields=["agent", "agent_version", "language", "model_family"]),
            models.Index(fields=["expires_at"]),
        ]

    def __str__(self) -> str:
        return self.question[:60]


class CachedAudio(models.Model):
    """How one voice spoke a cached reply: its sentences, and where each word begins."""

    reply = models.ForeignKey(CachedReply, on_delete=models.CASCADE, related_name="audio")
    voice = models.CharField(max_length=500, help_text="Whoever speaks, and with which voice.")
    sentences = models.JSONField(help_text="Per sentence: text, samples, and its words' starts.")
    pcm = models.BinaryField(help_text="All sentences end to end: mono, 16 bit, 24 kHz.")

    class Meta:
        verbose_name_plural = "cached audio"
        constraints = [
            models.UniqueConstraint(fields=["reply", "voice"], name="one_audio_per_voice")
        ]

    def __str__(self) -> str:
        return f"{self.reply} by {self.voice}"
