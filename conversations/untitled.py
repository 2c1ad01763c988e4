"""Conversations that ended and are still called after their first words."""

from dataclasses import dataclass
from uuid import UUID

from conversations.models import Conversation, Turn
from conversations.text import storable
from conversations.titles import title_from

TURNS_MAX = 12
"""From the beginning: they say what a conversation is about."""


@dataclass(frozen=True, slots=True)
class Untitled:
    conversation: UUID
    language: str
    title: str
    """The automatic one."""
    turns: tuple[Turn, ...]
    """How it begins, without what was forgotten."""


def untitled(conversation_id: UUID) -> Untitled | None:
    """None when it goes on, has a title of its own, or its user said nothing that may be shown."""
    ended = Conversation.objects.exclude(state=Conversation.State.OPEN).select_related("agent")
    conversation = ended.filter(pk=conversation_id).first()
    if conversation is None or not _is_automatic(conversation):
        return None
    said = conversation.utterances.filter(is_forgotten=False).exclude(text="")
    turns = tuple(said.order_by("started_at", "pk")[:TURNS_MAX])
    if not any(turn.role == Turn.Role.USER for turn in turns):
        return None
    return Untitled(conversation.pk, conversation.agent.language, conversation.title, turns)


def keep_title(conversation: Untitled, title: str) -> bool:
    """False, and nothing is written, when it has got another title meanwhile, or is gone."""
    still = Conversation.objects.filter(pk=conversation.conversation, title=conversation.title)
    return bool(still.update(title=storable(title)))


def _is_automatic(conversation: Conversation) -> bool:
    if not conversation.title:
        return True
    said = conversation.utterances.filter(role=Turn.Role.USER).order_by("number")
    return any(title_from(turn.text) == conversation.title for turn in said[:TURNS_MAX])
