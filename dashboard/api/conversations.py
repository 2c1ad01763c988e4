"""Past and running conversations, with what was said in them."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from ninja import Query, Router, Schema
from pydantic import Field

from conversations import audit, exports, selectors
from conversations.models import Conversation, Turn
from conversations.roles import READ_WORDS
from conversations.time_zones import zone_named
from dashboard.api import pages
from dashboard.api.caller import ApiRequest, Caller
from dashboard.api.pages import Page, Paging, Whose
from dashboard.api.problems import Problem

router = Router(tags=["Conversations"])

GONE = "There is no such conversation, or it is not yours."
State = Literal["open", "ended", "broken_off"]
Form = Literal["txt", "md", "json", "srt", "vtt"]


class Source(Schema):
    title: str
    url: str


class Said(Schema):
    turn: int = Field(description="The user turn this belongs to; 0 before the first.")
    role: Literal["user", "assistant"]
    reply: int | None
    source: str
    text: str = Field(description="Of a reply: what was heard, no more.")
    interrupted: bool
    started_at: datetime
    ended_at: datetime
    metrics: dict[str, Any] = Field(description="As in `turn_metrics`.")
    sources: list[Source]


class ConversationShown(Schema):
    id: UUID
    user: int
    agent: str = Field(description="Its slug.")
    title: str
    state: State
    turns: int
    replies: int
    started_at: datetime
    ended_at: datetime | None


class WithWords(ConversationShown):
    said: list[Said] = Field(description="By both sides, the oldest first.")


EXPORTED = {
    "responses": {
        200: {
            "description": "The transcript.",
            "content": {
                form.content_type.partition(";")[0]: {"schema": {"type": "string"}}
                for name, form in exports.FORMATS.items()
                if name != "json"
            }
            | {"application/json": {"schema": {"type": "object"}}},
        }
    }
}


@router.get("/api/v1/conversations", response=Page[ConversationShown], summary="Conversations")
def list_conversations(
    request: ApiRequest, paging: Query[Paging], user: Whose = "all"
) -> Page[ConversationShown]:
    """One's own, the newest first; those of everybody for staff who may read what others said."""
    caller = request.caller
    rows = Conversation.objects.select_related("agent")
    if user == "me" or not caller.may(READ_WORDS):
        rows = rows.filter(user=caller.person)
    found = pages.page(rows, "started_at", paging, _shown)
    if any(not caller.owns(each.user) for each in found.items):
        audit.note(caller.person, "list")
    return found


@router.get(
    "/api/v1/conversations/{uuid:conversation_id}", response=WithWords, summary="One of them"
)
def get_conversation(request: ApiRequest, conversation_id: UUID) -> WithWords:
    """With all that was said."""
    found = _readable(request.caller, conversation_id, "read")
    said = [_said(turn) for turn in selectors.turns_of(found.pk)]
    return WithWords(**_shown(found).model_dump(), said=said)


@router.get(
    "/api/v1/conversations/{uuid:conversation_id}/export",
    openapi_extra=EXPORTED,
    summary="Its transcript as a file",
)
def export_conversation(
    request: ApiRequest, conversation_id: UUID, format: Form = "txt"
) -> HttpResponse:
    """Times are those of the time zone of whose conversation it is."""
    found = _readable(request.caller, conversation_id, "export")
    transcript = exports.transcript_of(
        found,
        selectors.turns_of(found.pk),
        user=found.user.get_username(),
        zone=zone_named(found.user.time_zone) or ZoneInfo(settings.TIME_ZONE),
    )
    chosen = exports.FORMATS[format]
    headers = {"Content-Disposition": content_disposition_header(True, f"{found}.{format}")}
    return HttpResponse(
        chosen.render(transcript), content_type=chosen.content_type, headers=headers
    )


def _readable(caller: Caller, conversation_id: UUID, action: str) -> Conversation:
    """Raises Problem 404 for what is not theirs to read. A look at somebody else's is noted."""
    rows = Conversation.objects.select_related("agent", "user")
    found = rows.filter(pk=conversation_id).first()
    if found is None or not (caller.owns(found.user_id) or caller.may(READ_WORDS)):
        raise Problem(404, GONE)
    if not caller.owns(found.user_id):
        audit.note(caller.person, action, conversation=found.pk, user_id=found.user_id)
    return found


def _shown(conversation: Conversation) -> ConversationShown:
    # Not as an object: for an id, that would be a query in each row.
    names = ConversationShown.model_fields.keys() - {"user", "agent"}
    values = {name: getattr(conversation, name) for name in names}
    values |= {"user": conversation.user_id, "agent": conversation.agent.slug}
    return ConversationShown.model_validate(values)


def _said(turn: Turn) -> Said:
    names = Said.model_fields.keys() - {"turn"}
    values = {name: getattr(turn, name) for name in names}
    return Said.model_validate(values | {"turn": turn.number})
