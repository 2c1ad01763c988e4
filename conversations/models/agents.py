"""Whom one can talk to, and who changed that."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now

from conversations.terms import check_language_models, check_pronunciations, check_terms

TOOLS = {
    "remember": "remember what it is told to",
    "recall": "look for what was said before",
    "forget": "forget what it is told to",
    "web_search": "search the web",
}
"""What an agent may be allowed to do, by the names of the voice's tools."""


def all_tools() -> list[str]:
    return list(TOOLS)


class Agent(models.Model):
    """A persona to talk to: its instructions and its manner. `version` rises with every change of
    what is in VERSIONED; that goes through `context.update`, which keeps what it was before."""

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
        "language_models",
        "tools",
        "memory_on",
        "cache_on",
    )
    """What a running conversation notices. The greeting is said once, the name is for people."""
    VERSIONED = ("name", "slug", "greeting", "speaks_first", *CONTEXT)

    class First(models.TextChoices):
        ASSISTANT = "assistant", "the assistant"
        USER = "user", "the user"

    class Patience(models.TextChoices):
        QUICK = "quick", "quick"
        PATIENT = "patient", "patient"

    name = models.CharField(max_length=80)
    slug = models.SlugField(unique=True)
    instructions = models.TextField(blank=True)
    greeting = models.CharField(
        max_length=400,
        blank=True,
        help_text="Said first in a new conversation, where the assistant speaks first.",
    )
    speaks_first = models.CharField(
        max_length=16,
        choices=First.choices,
        default=First.ASSISTANT,
        help_text="Without a greeting it is the user in any case.",
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
    language_models = models.CharField(
        max_length=400,
        blank=True,
        validators=[check_language_models],
        help_text="Providers to ask first, in order, each with one of its models where it is not "
        "to be the one of the settings, e.g. “groq:llama-3.3-70b, openai”. The others of the "
        "settings come after them.",
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
    tools = ArrayField(
        models.CharField(max_length=40), default=all_tools, blank=True, help_text="What it may do."
    )
    memory_on = models.BooleanField(
        "memory",
        default=True,
        help_text="It recalls earlier conversations, if the user's own switch is on, too.",
    )
    cache_on = models.BooleanField(
        "answers given again",
        default=True,
        help_text="The same question may get the answer that was given before.",
    )
    groups = models.ManyToManyField(
        Group, blank=True, help_text="Who may talk to it. None chosen: everybody."
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
