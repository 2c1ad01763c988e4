"""Who talks."""

from django.contrib.auth.models import AbstractUser
from django.db import models

from conversations.terms import check_terms
from conversations.time_zones import check_time_zone


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
    memory_on = models.BooleanField(
        "memory",
        default=True,
        help_text="Conversations are remembered: facts are kept, and past turns are recalled.",
    )
