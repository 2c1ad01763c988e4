"""Log-ins of clients without a browser."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now


class ApiLogin(models.Model):
    """One log-in by `POST /auth/token`, for as long as it is refreshed. Its access tokens name it,
    and hold no longer than it does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_logins"
    )
    digest = models.CharField(max_length=64, help_text="Of the refresh token that is valid now.")
    client = models.CharField(max_length=200, blank=True, help_text="What it calls itself.")
    created_at = models.DateTimeField(db_default=Now())
    used_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.client or str(self.id)
