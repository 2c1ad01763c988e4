"""Writes. Each is one transaction, and what others should hear of is sent after its commit.

Synchronous; a caller on the event loop puts them in a thread. What belongs to a conversation raises
Conversation.DoesNotExist when its user deleted it meanwhile.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, Now

from conversations import context, embeddings, jobs
from conversations.facts.forgetting import forget as forget
from conversations.facts.forgetting import forget_everything as forget_everything
from conversations.facts.forgetting import forget_fact as forget_fact
from conversations.facts.forgetting import set_memory as set_memory
from conversations.facts.remembering import correct as correct
from conversations.facts.remembering import pin as pin
from conversations.facts.remembering import remember as remember
from conversations.models import Agent, Conversation, Memory, Session, Turn, User
from conversations.selectors import NotYours
from conversations.signals import conversation_ended, send_after_commit
from conversations.turns import locked
from conversations.turns import record_metrics as record_metrics
from conversations.turns import record_reply as record_reply
from conversations.turns import record_user_turn as record_user_turn

update_context = context.update
State = Conversation.State
ABNORMAL_CLOSURE = 1006
"""WebSocket close code of a connection that just vanished."""


def start_conversation(
    user_id: int, agent_id: int, *, conversation_id: UUID | None = None
) -> Conversation:
    """A new conversation; the user's own under that id where it exists already. Raises NotYours
    when it is somebody else's."""
    if conversation_id is None:
        return Conversation.objects.create(user_id=user_id, agent_id=agent_id)
    conversation, _ = Conversation.objects.get_or_create(
        pk=conversation_id, defaults={"user_id": user_id, "agent_id": agent_id}
    )
    if conversation.user_id != user_id:
        raise NotYours(conversation_id)
    return conversation


@transaction.atomic
def open_session(
    conversation_id: UUID, *, providers: Mapping[str, list[str]], client: str
) -> Session:
    """A new connection; the conversation is open (again) from here on. client: what the browser
    calls itself, cut at 200 characters."""
    conversation = locked(conversation_id)
    conversation.state, conversation.ended_at = State.OPEN, None
    conversation.save(update_fields=["state", "ended_at"])
    return conversation.sessions.create(providers=providers, client=client[:200])


def close_session(session_id: UUID, *, close_code: int) -> None:
    """The connection is over. Only the first call counts."""
    Session.objects.filter(pk=session_id, closed_at=None).update(
        closed_at=Now(), close_code=close_code
    )


@transaction.atomic
def end_conversation(conversation_id: UUID) -> None:
    """It was hung up. Nothing happens when it is not open."""
    conversations = Conversation.objects.filter(pk=conversation_id, state=State.OPEN)
    if conversations.update(state=State.ENDED, ended_at=Now()):
        _look_back_on(conversation_id)
        send_after_commit(conversation_ended, conversation_id=conversation_id)


def keep_pause(user_id: int, usual_s: float) -> None:
    """How this person was found to pause within a turn."""
    User.objects.filter(pk=user_id).update(usual_pause_s=usual_s)


@transaction.atomic
def mark_broken_off(live: Collection[UUID] = ()) -> int:
    """Called when a server starts: what is open, was once connected, and is not among the `live`
    conversations of running servers died with its process. Returns how many. They ended when the
    last word was said."""
    dead = (
        Conversation.objects.filter(state=State.OPEN, sessions__isnull=False)
        .exclude(pk__in=live)
        .distinct()
    )
    ids = list(dead.values_list("pk", flat=True))
    Session.objects.filter(conversation__in=ids, closed_at=None).update(
        closed_at=Greatest("opened_at", Coalesce(_last_word("conversation"), "opened_at")),
        close_code=ABNORMAL_CLOSURE,
    )
    for conversation_id in ids:
        _look_back_on(conversation_id)
    return Conversation.objects.filter(pk__in=ids).update(
        state=State.BROKEN_OFF, ended_at=Coalesce(_last_word("pk"), "started_at")
    )


def move_user(user_id: int, *, time_zone: str) -> None:
    """Their browser is in this time zone now; "" changes nothing."""
    if time_zone:
        User.objects.filter(pk=user_id).exclude(time_zone=time_zone).update(time_zone=time_zone)


def embed_memories(*, batch: int = 32) -> int:
    """Give an embedding to the facts that were kept before the model was warm; returns how many."""
    waiting = Memory.objects.filter(embedding=None).order_by("pk")
    embedded = 0
    while rows := list(waiting[:batch]):
        for fact, vector in zip(rows, embeddings.embed([f.text for f in rows]), strict=True):
            fact.embedding = vector
        embedded += Memory.objects.bulk_update(rows, ["embedding"])
    return embedded


@transaction.atomic
def make_default(agent_id: int) -> None:
    """From now on a new conversation that names no agent is with this one."""
    Agent.objects.filter(is_default=True).exclude(pk=agent_id).update(is_default=False)
    Agent.objects.filter(pk=agent_id).update(is_default=True)


def _look_back_on(conversation_id: UUID) -> None:
    jobs.defer("distil", conversation_id=conversation_id)
    jobs.defer("title", conversation_id=conversation_id)


def _last_word(conversation: str) -> Subquery:
    said: QuerySet[Turn] = Turn.objects.filter(conversation=OuterRef(conversation))
    return Subquery(said.order_by("-ended_at").values("ended_at")[:1])
