"""What was said and what is remembered. Each docstring says what one row means.

Writes go through services.py, reads through selectors.py; neither knows a vendor or a socket.
"""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import localtime
from pgvector.django import HnswIndex, VectorField

from conversations.terms import check_pronunciations, check_terms
from conversations.time_zones import check_time_zone

EMBEDDING_DIMENSIONS = 384
"""What MiniLM gives. Another size is a migration, checked at start against the model in use."""

FACT_LENGTH = 500
"""Characters of a remembered fact: a short sentence, or a long one."""


def embedding_index(name: str) -> HnswIndex:
    """An index for cosine distance. Used above some 20,000 rows of one user; exact below."""
    return HnswIndex(
        name=name, fields=["embedding"], m=16, ef_construction=64, opclasses=["vector_cosine_ops"]
    )


class User(AbstractUser):
    """Somebody who can log in. The time zone comes from their browser and tells the assistant
    what “today” means for them."""

    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])
    key_terms = models.TextField(
        blank=True,
        validators=[check_terms],
        help_text="Names and words that this person says often, one to a line.",
    )
    usual_pause_s = models.FloatField(
        default=0.5,
        editable=False,
        help_text="How long they pause within a turn, learned as they talk.",
    )


class Agent(models.Model):
    """A persona to talk to: its instructions and its manner. `version` rises with every change of
    what a running conversation would notice."""

    CONTEXT = (
        "instructions",
        "voice",
        "language",
        "temperature",
        "reply_tokens_max",
        "turns_kept",
        "key_terms",
        "pronunciations",
        "patience",
    )
    """What a running conversation notices. The greeting is said once, the name is for people."""

    class Patience(models.TextChoices):
        QUICK = "quick", "quick"
        PATIENT = "patient", "patient"

    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    instructions = models.TextField(blank=True)
    greeting = models.CharField(
        max_length=400,
        blank=True,
        help_text="Said first in a new conversation. Empty: the user begins.",
    )
    voice = models.CharField(
        max_length=400,
        blank=True,
        help_text="For each provider one of its voices, e.g. “openai:nova, cartesia:ID, en-gb”; "
        "without a provider it is the offline voice's. Empty: those of the settings.",
    )
    language = models.CharField(max_length=16, default="en")
    patience = models.CharField(
        max_length=16,
        choices=Patience.choices,
        default=Patience.QUICK,
        help_text="When somebody may have finished: quick answers after half a second of silence, "
        "patient waits for one second. Questions and requests are answered sooner by both.",
    )
    temperature = models.FloatField(
        default=0.7, validators=[MinValueValidator(0.0), MaxValueValidator(2.0)]
    )
    reply_tokens_max = models.PositiveIntegerField(default=150, validators=[MinValueValidator(1)])
    turns_kept = models.PositiveIntegerField(default=10, help_text="Turns given word for word.")
    key_terms = models.TextField(
        blank=True,
        validators=[check_terms],
        help_text="Names and words that are heard wrong otherwise, one to a line.",
    )
    pronunciations = models.TextField(
        blank=True,
        validators=[check_pronunciations],
        help_text="Words that are read wrong otherwise, one to a line: “Nguyen = win”.",
    )
    is_default = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_agent"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """One conversation between a user and an agent, over as many connections as it takes.
    `turns` and `replies` count on over all of them."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        ENDED = "ended", "ended"
        BROKEN_OFF = "broken_off", "broken off"
        """The server died during it. Everything said up to the last finished turn is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations"
    )
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="conversations")
    title = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    turns = models.PositiveIntegerField(default=0, db_default=0)
    replies = models.PositiveIntegerField(default=0, db_default=0)
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["user", "-started_at"])]

    def __str__(self) -> str:
        return self.title or f"Conversation of {localtime(self.started_at):%d %B %Y, %H:%M}"


class Session(models.Model):
    """One connection of a conversation: opened, dropped or hung up. Not Django's login session."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="sessions"
    )
    opened_at = models.DateTimeField(db_default=Now())
    closed_at = models.DateTimeField(null=True, blank=True)
    close_code = models.PositiveIntegerField(null=True, blank=True)
    providers = models.JSONField(default=dict, help_text="The chain in force, per stage.")
    client = models.CharField(max_length=200, blank=True, help_text="The browser's user agent.")

    class Meta:
        ordering = ["-opened_at"]

    def __str__(self) -> str:
        return f"{self.opened_at:%d %B %Y, %H:%M:%S}"


class Turn(models.Model):
    """What one side said, once: the user's turn `number`, or a reply to it. Read-only once written,
    but for a user's turn that grows because they went on speaking before the answer came."""

    class Role(models.TextChoices):
        USER = "user", "user"
        ASSISTANT = "assistant", "assistant"

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="utterances"
    )
    number = models.PositiveIntegerField(
        help_text="The user turn this belongs to; 0 before the first."
    )
    role = models.CharField(max_length=16, choices=Role.choices)
    reply = models.PositiveIntegerField(null=True, blank=True, help_text="The assistant's only.")
    source = models.CharField(
        max_length=16, blank=True, help_text="spoken, typed; model, greeting …"
    )
    text = models.TextField(help_text="Of a reply: what was heard, no more.")
    interrupted = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    metrics = models.JSONField(default=dict, blank=True, help_text="As in `turn_metrics`.")
    embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, null=True, blank=True, editable=False)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "number"],
                condition=models.Q(role="user"),
                name="one_user_turn_per_number",
            ),
            models.UniqueConstraint(fields=["conversation", "reply"], name="one_row_per_reply"),
            models.CheckConstraint(
                condition=models.Q(role="user", reply=None)
                | models.Q(role="assistant", reply__isnull=False),
                name="replies_are_numbered",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "started_at"]),
            embedding_index("turn_embedding"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.text[:60]}"


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
        indexes = [
            models.Index(fields=["user", "-created_at"]),
            embedding_index("memory_embedding"),
        ]

    def __str__(self) -> str:
        return self.text


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
    embedding = VectorField(dimensions=EMBEDDING_DIMENSIONS, editable=False)

    class Meta:
        verbose_name_plural = "cached replies"
        indexes = [
            models.Index(fields=["agent", "agent_version", "language", "model_family"]),
            models.Index(fields=["expires_at"]),
            embedding_index("cached_reply_embedding"),
        ]

    def __str__(self) -> str:
        return self.question[:60]


class ContextChange(models.Model):
    """One change of an agent: who made it, when, and what it was before and after."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="context_changes",
    )
    at = models.DateTimeField(db_default=Now())
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "version"], name="one_change_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.agent} v{self.version}"
