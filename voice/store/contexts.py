"""What an agent and a conversation are told, as it is stored now."""

from uuid import UUID

from conversations import context as contexts
from conversations.models import Conversation, User
from voice.store.opening import context
from voice.store.threads import query
from voice.store.values import AgentContext, OwnContext


async def context_of(
    conversation: UUID, *, by: int | None = None
) -> tuple[AgentContext, OwnContext, str]:
    """Both, and what the user `by` is called, "" where there is none. Raises
    Conversation.DoesNotExist."""
    return await query(_context_of, conversation, by)


async def versions(agent: int, conversation: UUID) -> tuple[int, int]:
    """The agent's, and that of what is told in the conversation. Raises
    Conversation.DoesNotExist."""
    return await query(contexts.versions, agent, conversation)


def _context_of(conversation: UUID, by: int | None) -> tuple[AgentContext, OwnContext, str]:
    row = Conversation.objects.select_related("agent").get(pk=conversation)
    own = OwnContext(row.context, row.context_version)
    return context(row.agent), own, "" if by is None else _name_of(by)


def _name_of(user_id: int) -> str:
    """An empty one for somebody who is gone."""
    names = User.objects.filter(pk=user_id).values_list("username", flat=True)
    return names.first() or ""
