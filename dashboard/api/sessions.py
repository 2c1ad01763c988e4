"""Running sessions: who talks, how it stands, and the end. No words of anybody.

The id is the `session` of the `session` message; one from before a resume still names the session
that runs now.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.http import HttpResponse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from conversations import audit, context, selectors
from conversations.roles import SEE_HEALTH, STEER
from dashboard.api import etags, pages
from dashboard.api.caller import ApiRequest, Caller
from dashboard.api.pages import Page, Paging, Whose
from dashboard.api.problems import Problem
from voice import steering
from voice.live import LiveState, live_sessions
from voice.turns.state import Phase

router = Router(tags=["Running sessions"])

GONE = "No such session runs, or it is not yours."


class SessionShown(Schema):
    session: UUID
    conversation: UUID
    user: int
    user_name: str
    agent: str = Field(description="Its slug.")
    state: str = Field(description="`idle`, `listening`, `thinking` or `speaking`.")
    connected: bool = Field(description="Whether a socket is there just now.")
    since: datetime
    turn: int
    reply: int
    context_version: int = Field(description="Of the agent, as this session applied it.")
    own_version: int = Field(description="Of its own context, likewise.")


@router.get("/sessions", response=Page[SessionShown], summary="Who talks just now")
async def list_sessions(
    request: ApiRequest, paging: Query[Paging], user: Whose = "all"
) -> Page[SessionShown]:
    """One's own, the newest first; those of everybody for staff who may see how the site is
    doing."""
    caller = request.caller
    states = [
        state
        for state in await steering.running()
        if caller.owns(state.user) or (user == "all" and caller.may(SEE_HEALTH))
    ]
    return _page(states, paging)


@router.get(
    "/sessions/{uuid:session_id}",
    response=SessionShown,
    openapi_extra=etags.DESCRIBED,
    summary="One of them",
)
async def get_session(
    request: ApiRequest, response: HttpResponse, session_id: UUID
) -> SessionShown:
    """The ETag is the version of its own context as it is stored, which `own_version` follows."""
    state = await running(request.caller, session_id)
    versions = sync_to_async(context.versions)
    _, own = await versions(state.agent_id, UUID(state.conversation))
    etags.give(response, own)
    return _shown(state)


@router.delete("/sessions/{uuid:session_id}", response={204: None}, summary="End it")
async def end_session(request: ApiRequest, session_id: UUID) -> Status[None]:
    """As if they had hung up: the socket closes with 1000."""
    state = await steered(request.caller, session_id)
    await noted(request.caller, "end", state)  # before: without an answer it may be done, too
    await steering.end(UUID(state.conversation))
    return Status(204, None)


async def steered(caller: Caller, session_id: UUID) -> LiveState:
    """One that they may steer. Raises Problem 404, or 403 where they can see it."""
    state = await running(caller, session_id)
    if not caller.owns(state.user):
        caller.require(STEER)
    return state


async def running(caller: Caller, session_id: UUID) -> LiveState:
    """One that they may see. Raises Problem 404, LiveUnavailable."""
    conversation = await sync_to_async(selectors.conversation_of_session)(session_id)
    state = await _live(conversation) if conversation else None
    if state is None or not state.owner or not _may_see(caller, state):
        raise Problem(404, GONE)
    return state


def _may_see(caller: Caller, state: LiveState) -> bool:
    return caller.owns(state.user) or caller.may(SEE_HEALTH) or caller.may(STEER)


async def _live(conversation: UUID) -> LiveState | None:
    """Raises LiveUnavailable, which looking for one alone does not tell from none."""
    found = await live_sessions().get(conversation)
    if found is None:
        await live_sessions().all()
    return found


async def noted(caller: Caller, action: str, state: LiveState) -> None:
    await sync_to_async(note)(caller, action, state)


def note(caller: Caller, action: str, state: LiveState, **detail: Any) -> None:
    """In the audit log, where it is somebody else's."""
    if not caller.owns(state.user):
        conversation = UUID(state.conversation)
        audit.note(caller.person, action, conversation=conversation, user_id=state.user, **detail)


def _page(states: list[LiveState], paging: Paging) -> Page[SessionShown]:
    places = sorted(((_place(state), state) for state in states), reverse=True)
    if before := pages.read(paging.cursor):
        places = [each for each in places if each[0] < before]
    shown, rest = places[: paging.limit], places[paging.limit :]
    following = shown[-1][0].written() if rest else None
    return Page(items=[_shown(state) for _, state in shown], next=following)


def _place(state: LiveState) -> pages.Place:
    return pages.Place(_since(state).isoformat(timespec="microseconds"), state.conversation)


def _since(state: LiveState) -> datetime:
    return datetime.fromtimestamp(state.since, UTC)


def _shown(state: LiveState) -> SessionShown:
    return SessionShown(
        session=UUID(state.session),
        conversation=UUID(state.conversation),
        user=state.user,
        user_name=state.user_name,
        agent=state.agent,
        state=Phase(state.phase).shown_as,
        connected=state.is_connected,
        since=_since(state),
        turn=state.turn,
        reply=state.reply,
        context_version=state.context_version,
        own_version=state.own_version,
    )
