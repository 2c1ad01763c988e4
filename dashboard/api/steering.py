"""What a running session is told: one's own, or by staff who may steer."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import transaction
from django.http import HttpResponse
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from conversations import context
from conversations.models import Conversation
from conversations.roles import READ_WORDS, STEER
from dashboard.api import etags
from dashboard.api.caller import ApiRequest, Caller
from dashboard.api.etags import IfMatch
from dashboard.api.sessions import note, noted, running, steered
from voice import steering
from voice.live import LiveState

router = Router(tags=["Running sessions"])

Tell = Callable[..., int]
"""`set_own` or `add_note` of conversations.context, all given but the conversation and `by`."""


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


class ToldSoFar(Told):
    context: str


@router.get(
    "/sessions/{uuid:session_id}/context",
    response=ToldSoFar,
    openapi_extra=etags.DESCRIBED,
    summary="What it is told",
)
async def get_context(request: ApiRequest, response: HttpResponse, session_id: UUID) -> ToldSoFar:
    """Beside its agent's instructions, as it is stored. Others' for staff who may read what they
    said."""
    state = await running(request.caller, session_id)
    if not request.caller.owns(state.user):
        request.caller.require(READ_WORDS)
    told = await sync_to_async(_read)(request.caller, state)
    etags.give(response, told.version)
    return told


@router.post(
    "/sessions/{uuid:session_id}/context",
    response=Told,
    openapi_extra=etags.DESCRIBED,
    summary="Change what it is told",
)
async def set_context(
    request: ApiRequest,
    response: HttpResponse,
    session_id: UUID,
    body: OwnContext,
    if_match: IfMatch = etags.ANY,
) -> Told:
    """In place of what it was told before in this way. It holds from the next reply on; nothing
    that is being said is cut off. With `If-Match` it is saved over nobody else's."""
    tell = partial(context.set_own, text=body.context, seen=etags.version_in(if_match))
    told = await _told(request.caller, session_id, "context", tell)
    etags.give(response, told.version)
    return told


@router.post(
    "/api/v1/sessions/{uuid:session_id}/note",
    response=Told,
    openapi_extra=etags.DESCRIBED,
    summary="Tell it one thing more",
)
async def add_note(
    request: ApiRequest, response: HttpResponse, session_id: UUID, body: Line
) -> Told:
    """One line more of what `context` sets."""
    tell = partial(context.add_note, text=body.text)
    told = await _told(request.caller, session_id, "note", tell)
    etags.give(response, told.version)
    return told


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


async def _told(caller: Caller, session_id: UUID, action: str, tell: Tell) -> Told:
    state = await steered(caller, session_id)
    version = await sync_to_async(_tell)(caller, state, action, tell)
    return Told(conversation=UUID(state.conversation), version=version)


@transaction.atomic
def _tell(caller: Caller, state: LiveState, action: str, tell: Tell) -> int:
    version = tell(UUID(state.conversation), by=caller.person.pk)
    note(caller, action, state)
    return version


@transaction.atomic
def _read(caller: Caller, state: LiveState) -> ToldSoFar:
    found = Conversation.objects.only("context", "context_version").get(pk=state.conversation)
    note(caller, "read", state, what="context")
    return ToldSoFar(conversation=found.pk, version=found.context_version, context=found.context)
