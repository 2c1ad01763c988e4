"""Steering running sessions from wherever somebody is: an admin's page, a request, another process.

What is stored (an agent, the context of one conversation) is told of by a group message after its
commit; it carries no content, so whoever gets it looks again. What is not stored (say this, hang
up, let me watch) goes to the process that runs the session, which answers.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from time import time
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

from conversations.signals import context_changed
from voice import layer
from voice.layer import Message
from voice.live import LiveState, live_sessions

CHANGES = "steering.changes"
"""The group of all processes that run sessions."""
ACKS = "steering.acks"
"""The group of those who want to know what was applied where."""
ANSWER_S = 1.0
WATCH_S = 15.0
"""Captions are sent for so long after each `watch`."""


class NotRunning(LookupError):
    """No process runs this conversation."""


class NotAnswered(TimeoutError):
    """The process that should run it did not say that it heard."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that sessions are told is stored anew."""

    agent: int | None
    """An agent of this id, or"""
    conversation: UUID | None
    """what is told in this conversation beside its agent's."""
    by: int | None
    """The user who did it."""
    saved_at: float
    """Unix seconds."""


# --- what is stored -----------------------------------------------------------------------------
def connect() -> None:
    """Have every change of a context told to all processes from now on."""
    context_changed.connect(_tell_all, dispatch_uid="voice.steering")


def _tell_all(
    *, agent_id: int | None, conversation_id: UUID | None, by: int | None, **_: Any
) -> None:
    change = Change(agent_id, conversation_id, by, time())
    async_to_sync(layer.group_send)(CHANGES, _message(change))


def _message(change: Change) -> Message:
    conversation = change.conversation and str(change.conversation)
    return {"type": "steering.change"} | asdict(change) | {"conversation": conversation}


def change_of(message: Mapping[str, Any]) -> Change:
    """What such a message tells."""
    conversation = message["conversation"]
    return Change(
        message["agent"],
        UUID(conversation) if conversation else None,
        message["by"],
        message["saved_at"],
    )


@dataclass(frozen=True, slots=True)
class Ack:
    """A session goes by these versions now."""

    agent: int
    conversation: str
    session: str
    version: int
    own_version: int
    ms: float
    """Since the change was stored."""


async def acknowledge(ack: Ack) -> None:
    """Tell whoever wants to know."""
    await layer.group_send(ACKS, {"type": "steering.ack"} | asdict(ack))


# --- what is asked of one session -----------------------------------------------------------------
async def running() -> list[LiveState]:
    """The sessions of all processes, the youngest first. Raises LiveUnavailable."""
    states = await live_sessions().all()
    return sorted((state for state in states if state.owner), key=lambda state: -state.since)


async def say(conversation: UUID, text: str) -> None:
    """Have this said, now if the assistant has the floor or nobody has, else after the answer."""
    await _ask(conversation, "say", text=text)


async def end(conversation: UUID) -> None:
    """Hang up."""
    await _ask(conversation, "end")


async def watch(conversation: UUID, *, channel: str) -> None:
    """For WATCH_S, what is said and what state it is in goes to this channel of the layer, as
    `{"type": "session.message", "conversation": …, "message": …}`; ask again to go on."""
    await _ask(conversation, "watch", channel=channel)


async def _ask(conversation: UUID, what: str, **fields: Any) -> None:
    """Raises NotRunning and NotAnswered."""
    state = await live_sessions().get(conversation)
    if state is None or not state.owner:
        raise NotRunning(f"Conversation {conversation} is not running.")
    asked = {"type": f"steering.{what}", "conversation": str(conversation)} | fields
    try:
        async with asyncio.timeout(ANSWER_S):
            answer = await _answer_to(asked, state.owner)
    except layer.ERRORS as error:
        raise NotAnswered(f"The server that runs {conversation} does not answer.") from error
    if not answer["is_running"]:
        raise NotRunning(f"Conversation {conversation} is not running.")


async def _answer_to(asked: Message, owner: str) -> Message:
    channels = get_channel_layer()
    back = await channels.new_channel("steering.")
    try:
        await channels.send(owner, asked | {"reply_to": back})
        answer: Message = await channels.receive(back)
        return answer
    finally:
        await layer.forget(back)


async def answer(message: Mapping[str, Any], *, is_running: bool) -> None:
    """Tell whoever asked that it was heard."""
    done = {"type": "steering.done", "is_running": is_running}
    await layer.send(message["reply_to"], done)
