"""What is known about somebody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from conversations import audit, facts, services
from conversations.facts import shown
from conversations.models import Memory, User
from conversations.roles import READ_WORDS
from dashboard.api import pages
from dashboard.api.caller import VIEW_MEMORY, ApiRequest
from dashboard.api.pages import Page, Paging
from dashboard.api.problems import Problem

router = Router(tags=["Memories"])

GONE = "There is no such fact about you."
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
OfUser = Annotated[
    int | None,
    Query(ge=1, le=2**63 - 1, description="Somebody else's, for staff; by default one's own."),
]
Oneself = Annotated[
    int | None,
    Query(ge=1, le=2**63 - 1, description="Nobody but oneself, which it is without it, too."),
]


class Fact(Schema):
    id: int
    text: str
    confidence: float = Field(description="0 to 1; 1 is what they asked to be remembered.")
    pinned: bool
    created_at: datetime
    conversation: UUID | None = Field(description="Where it was said.")


@router.get("/api/v1/memories", response=Page[Fact], summary="What is known")
def list_memories(request: ApiRequest, paging: Query[Paging], user: OfUser = None) -> Page[Fact]:
    """What holds today about oneself, the newest first; about somebody else for staff who may read
    what others said and see facts."""
    caller = request.caller
    whose = caller.person.pk if user is None else user
    if not caller.owns(whose):
        caller.require(READ_WORDS)
        caller.require(VIEW_MEMORY)
        if not User.objects.filter(pk=whose).exists():
            raise Problem(404, "There is no such user.")
        audit.note(caller.person, "read memories", user_id=whose)
    rows = facts.current(whose).select_related("source").defer("embedding")
    return pages.page(rows, "created_at", paging, _fact)


@router.get("/api/v1/memories/{memory_id}", response=Fact, summary="One fact")
def get_memory(request: ApiRequest, memory_id: Id) -> Fact:
    try:
        return _fact(shown.fact_of(request.caller.person.pk, memory_id))
    except Memory.DoesNotExist as error:
        raise Problem(404, GONE) from error


@router.delete("/api/v1/memories/{memory_id}", response={204: None}, summary="Forget it")
def forget_memory(request: ApiRequest, memory_id: Id) -> Status[None]:
    """For good, with what it replaced; where it was said is not recalled any more."""
    try:
        services.forget_fact(memory_id, request.caller.person.pk)
    except Memory.DoesNotExist as error:
        raise Problem(404, GONE) from error
    return Status(204, None)


@router.delete("/api/v1/memories", response={204: None}, summary="Forget everything")
def forget_all_memories(request: ApiRequest, user: Oneself = None) -> Status[None]:
    """About oneself: all facts, and what was made of one's conversations to recall them by. The
    conversations stay."""
    caller = request.caller
    if user is not None and not caller.owns(user):  # else it would be one's own that are gone
        raise Problem(403, "Everything can be forgotten about oneself alone.")
    services.forget_everything(caller.person.pk)
    return Status(204, None)


def _fact(fact: Memory) -> Fact:
    return Fact(
        id=fact.pk,
        text=fact.text,
        confidence=fact.confidence,
        pinned=fact.pinned,
        created_at=fact.created_at,
        conversation=fact.source.conversation_id if fact.source else None,
    )
