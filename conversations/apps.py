from typing import Any

from django.apps import AppConfig
from django.apps import apps as current_apps
from django.apps.registry import Apps
from django.db.models.signals import post_migrate

from conversations import roles

INSTRUCTIONS = (
    "You are a friendly assistant in a spoken conversation. Answer in one to three short sentences"
    " of plain speech, without lists, headings or links. When you do not know, say so."
)


class ConversationsConfig(AppConfig):
    name = "conversations"
    verbose_name = "Conversations"

    def ready(self) -> None:
        import conversations.account.erasure  # noqa: F401  (it listens to what is deleted in the admin)

        post_migrate.connect(ensure_an_agent, sender=self)
        post_migrate.connect(ensure_the_groups, sender=self)


def ensure_an_agent(*, using: str, apps: Apps = current_apps, **_: Any) -> None:
    """Somebody to talk to, after every migrate and every flush (which sends no `apps`)."""
    try:
        agents = apps.get_model("conversations", "Agent").objects.using(using)
    except LookupError:  # migrated back to zero
        return
    if not agents.exists():
        agents.create(
            name="Assistant", slug="assistant", instructions=INSTRUCTIONS, is_default=True
        )


def ensure_the_groups(
    *, app_config: AppConfig, using: str, verbosity: int = 0, apps: Apps = current_apps, **_: Any
) -> None:
    """The staff's roles, likewise."""
    roles.ensure_groups(app_config, apps, using=using, verbosity=verbosity)
