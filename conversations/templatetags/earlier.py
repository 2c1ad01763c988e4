"""What was said before, on the page where a conversation goes on."""

from typing import Any
from uuid import UUID

from django import template

from conversations import selectors
from conversations.models import User

LATEST = 20
"""Of both sides: some screens full; the rest is one link away."""

register = template.Library()


@register.inclusion_tag("conversations/earlier.html")
def said_before(user: User, conversation_id: str | None) -> dict[str, Any]:
    """The last of it, oldest first; nothing where it is new, not theirs, or None."""
    try:
        found = conversation_id and selectors.conversation_of(user.pk, UUID(conversation_id))
    except selectors.NotYours:
        found = None
    if not found:
        return {}
    newest = selectors.turns_of(found.pk).order_by("-started_at", "-pk")[:LATEST]
    return {"conversation": found, "turns": list(reversed(newest))}
