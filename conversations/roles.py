"""What the staff may do, and the two groups that every site begins with.

Who is in one of them has to be staff, too. A group that is there already is left as it is.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions

SEE_HEALTH = "conversations.see_health"
"""How the site is doing: figures, providers, who is connected; no words."""
SWITCH_PROVIDERS = "conversations.switch_providers"
READ_WORDS = "conversations.read_words"
"""What others said, live and stored; each look is in the audit log."""
STEER = "conversations.steer"
"""Change what the agent is told in a running conversation, speak in it, end it."""

OPERATOR = "operator"
SUPERVISOR = "supervisor"
GROUPS: Mapping[str, tuple[str, ...]] = {
    OPERATOR: (SEE_HEALTH, SWITCH_PROVIDERS, "conversations.view_agent"),
    SUPERVISOR: (
        SEE_HEALTH,
        SWITCH_PROVIDERS,
        READ_WORDS,
        STEER,
        "conversations.add_agent",
        "conversations.change_agent",
        "conversations.view_agent",
        "conversations.view_contextchange",
        "conversations.view_conversation",
        "conversations.view_session",
        "conversations.view_turn",
    ),
}


def ensure_groups(app_config: AppConfig, apps: Apps, *, using: str, **options: Any) -> None:
    """Both groups with what they may do, unless the database is migrated back to before that."""
    create_permissions(app_config, using=using, apps=apps, **options)
    try:
        groups = apps.get_model("auth", "Group").objects.using(using)
        permissions = apps.get_model("auth", "Permission").objects.using(using)
    except LookupError:
        return
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in permissions.filter(
            content_type__app_label=app_config.label
        ).select_related("content_type")
    }
    for name, wanted in GROUPS.items():
        if known.keys() >= set(wanted) and not groups.filter(name=name).exists():
            groups.create(name=name).permissions.set(known[each] for each in wanted)
