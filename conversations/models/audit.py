"""Who of the staff looked at or changed what."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from conversations.models.agents import Agent


class AuditEntry(models.Model):
    """One look at, or change of, somebody's conversation or of how the site behaves. It holds no
    words of users, and outlives what it is about."""

    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="audited"
    )
    by_name = models.CharField(max_length=150, help_text="As it was then.")
    action = models.CharField(max_length=40, help_text="read, export, search, watch, say, end …")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="audits",
        help_text="Whose conversation it was.",
    )
    conversation = models.UUIDField(null=True, blank=True)
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at"]),
            models.Index(fields=["conversation", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.action}"
