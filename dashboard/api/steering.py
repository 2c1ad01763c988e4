"""What a running session is told: one's own, or by staff who may steer."""

from typing import Literal
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import transaction
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from conversations import context
from conversations.roles import STEER
from dashboard.api.caller import ApiRequest, Caller
from dashboard.api.sessions import note, noted, steered
from voice import steering
from voice.live import LiveState

router = Router(tags=["Running sessions"])

Telling = Literal["context", "note"]


class OwnContext(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)
    context: str = Field(
        max_length=context.OWN_MAX,
        pattern=r"^[^\x00]*$",
        description="What the agent is told in this conversation beside its instructions; empty "
        "for nothing.",
    )


class Line(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)
    text: str = Field(max_length=1_000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")


class Told(Schema):
    conversation: UUID
    version: int = Field(description="The session's `own_version` once it has applied this.")


@router.post("/sessions/{uuid:session_id}/context", response=Told, summary="Change what it is told")
async def set_context(request: ApiRequest, session_id: UUID, body: OwnContext) -> Told:
    """In place of what it was told before in this way. It holds from the next reply on; nothing
    that is being said is cut off."""
    state = await steered(request.caller, session_id)
    return await _told(request.caller, state, "context", body.context)


@router.post(
    "/api/v1/sessions/{uuid:session_id}/note", response=Told, summary="Tell it one thing more"
)
async def add_note(request: ApiRequest, session_id: UUID, body: Line) -> Told:
    """One line more of what `context` sets."""
    state = await steered(request.caller, session_id)
    return await _told(request.caller, state, "note", body.text)


@router.post(
    "/api/v1/sessions/{uuid:session_id}/say", response={204: None}, summary="Have it say this"
)
async def say(request: ApiRequest, session_id: UUID, body: Line) -> Status[None]:
    """In the assistant's voice, as soon as nobody speaks. For staff who may steer, in their own
    conversations, too."""
    state = await steered(request.caller, session_id)
    request.caller.require(STEER)
    await noted(request.caller, "say", state)  # before: without an answer it may be done, too
    await steering.say(UUID(state.conversation), body.text.strip())
    return Status(204, None)


async def _told(caller: Caller, state: LiveState, action: Telling, text: str) -> Told:
    version = await sync_to_async(_tell)(caller, state, action, text)
    return Told(conversation=UUID(state.conversation), version=version)


@transaction.atomic
def _tell(caller: Caller, state: LiveState, action: Telling, text: str) -> int:
    tell = context.set_own if action == "context" else context.add_note
    version = tell(UUID(state.conversation), text, by=caller.person.pk)
    note(caller, action, state)
    return version
