"""Reads. What a page, the voice or the dashboard wants to know of the database.

Synchronous; a caller on the event loop puts them in a thread. Rows come with what their readers
touch, so that no page asks once per row.
"""

from uuid import UUID

from django.db.models import (
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce, Now

from conversations.models import Agent, Conversation, Session, Turn


class NotYours(Exception):
    """The conversation belongs to somebody else."""


def default_agent() -> Agent:
    """The agent to talk to when none is named. Raises Agent.DoesNotExist when there is none at
    all, which `manage.py migrate` mends."""
    agent = Agent.objects.order_by("-is_default", "id").first()
    if agent is None:
        raise Agent.DoesNotExist("There is no agent. Add one in the admin, or run migrate.")
    return agent


def agent_by_slug(slug: str) -> Agent | None:
    return Agent.objects.filter(slug=slug).first()


def may_talk_to(user_id: int, agent_id: int) -> bool:
    """Whether this user is in one of the agent's groups, or it is for everybody."""
    theirs = Q(groups=None) | Q(groups__user=user_id)
    return Agent.objects.filter(theirs, pk=agent_id).exists()


def conversation_of(user_id: int, conversation_id: UUID) -> Conversation | None:
    """This user's conversation as in `conversations_of`, or None when there is none of that id.
    Raises NotYours when it is somebody else's."""
    conversation = _with_length(Conversation.objects.filter(pk=conversation_id)).first()
    if conversation is not None and conversation.user_id != user_id:
        raise NotYours(conversation_id)
    return conversation


def conversation_of_session(session_id: UUID) -> UUID | None:
    """Which conversation a connection belongs to, however long ago it was."""
    return Session.objects.filter(pk=session_id).values_list("conversation_id", flat=True).first()


def recent_turns(conversation_id: UUID, *, limit: int) -> list[Turn]:
    """The last `limit` things that were said by either side, oldest first, without what was
    forgotten: they are for a prompt."""
    remembered = turns_of(conversation_id).filter(is_forgotten=False)
    newest_first = remembered.order_by("-started_at", "-id")
    return list(reversed(newest_first[:limit]))


def turns_of(conversation_id: UUID) -> QuerySet[Turn]:
    """Everything that was said, oldest first."""
    return Turn.objects.filter(conversation_id=conversation_id)


def conversations_of(user_id: int) -> QuerySet[Conversation]:
    """A user's conversations, the newest first, each with its agent and `talked`: how long its
    connections lasted together, as a timedelta or None before the first."""
    return _with_length(Conversation.objects.filter(user_id=user_id))


def _with_length(conversations: QuerySet[Conversation]) -> QuerySet[Conversation]:
    lasted = ExpressionWrapper(
        Coalesce("closed_at", Now(), output_field=DateTimeField()) - F("opened_at"),
        output_field=DurationField(),
    )
    connections = Session.objects.filter(conversation=OuterRef("pk")).order_by()
    total = connections.values("conversation").annotate(total=Sum(lasted)).values("total")
    return conversations.select_related("agent").annotate(talked=Subquery(total))
