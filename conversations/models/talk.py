"""What was said, in which conversation, over which connections."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.timezone import localtime

from conversations.models.agents import Agent


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
    context = models.TextField(
        blank=True, help_text="What the agent is told in this conversation beside its instructions."
    )
    context_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    summary = models.TextField(blank=True, editable=False)
    summarised_to = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The last user turn in the summary."
    )
    distilled_to = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="The last user turn looked at for facts."
    )

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["user", "-started_at"]),
            models.Index(fields=["-started_at"]),
        ]
        permissions = [  # of the staff; conversations/roles.py says who has which
            ("see_health", "Can see how the site is doing"),
            ("switch_providers", "Can stop asking a provider, and ask it again"),
            ("read_words", "Can read and export what others said"),
            ("steer", "Can steer running conversations"),
        ]

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
        indexes = [models.Index(fields=["-opened_at"])]

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
    sources = models.JSONField(
        default=list, blank=True, help_text="What a reply rests on: title and url of web pages."
    )
    is_forgotten = models.BooleanField(
        default=False, help_text="Kept in the transcript, never recalled."
    )

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
        indexes = [models.Index(fields=["conversation", "started_at"])]

    def __str__(self) -> str:
        return f"{self.role}: {self.text[:60]}"
