"""Lists in pages, each beginning where the one before it ended: what is new meanwhile moves
nothing, and the last page costs no more than the first."""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Generic, Literal, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from ninja import Query, Schema
from pydantic import Field

from dashboard.api.problems import Problem

T = TypeVar("T")
M = TypeVar("M", bound=Model)

LIMIT_MAX = 100
Whose = Annotated[
    Literal["all", "me"], Query(description="`me`: one's own alone. Others' are for staff.")
]


class Page(Schema, Generic[T]):
    """Some of a list, the newest first."""

    items: list[T]
    next: str | None = Field(description="`cursor` of the next page; null on the last.")


class Paging(Schema):
    limit: int = Field(20, ge=1, le=LIMIT_MAX, description="Items on a page.")
    cursor: str = Field(
        "", max_length=200, description="`next` of the page before; empty for the first."
    )


class Place(NamedTuple):
    """The last item of a page: when it began, and which it is."""

    at: str
    id: str

    def written(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode()


def page(rows: "QuerySet[M]", at: str, paging: Paging, shown: Callable[[M], T]) -> Page[T]:
    """One page of these rows by the time in their field `at`. Raises Problem 404 for a cursor that
    is none of ours."""
    rows = rows.order_by(f"-{at}", "-pk")
    if place := read(paging.cursor):
        rows = rows.filter(_before(place, at, rows.model))
    found = list(rows[: paging.limit + 1])
    items = found[: paging.limit]
    more = len(found) > len(items)
    last = Place(getattr(items[-1], at).isoformat(), str(items[-1].pk)) if more else None
    return Page(items=[shown(item) for item in items], next=last and last.written())


def read(cursor: str) -> Place | None:
    """None for the first page. Raises Problem 404."""
    if not cursor:
        return None
    try:
        at, id = json.loads(base64.b64decode(cursor, altchars="-_", validate=True))
        if datetime.fromisoformat(at).tzinfo and isinstance(id, str):
            return Place(at, id)
    except (binascii.Error, TypeError, ValueError, RecursionError):
        pass
    raise no_such_page()


def no_such_page() -> Problem:
    return Problem(404, "There is no such page: `cursor` is the `next` of another.")


def _before(place: Place, at: str, model: type[Model]) -> Q:
    """Further down the list. The first condition alone is what an index answers."""
    try:
        pk = model._meta.pk.to_python(place.id)
    except ValidationError as error:
        raise no_such_page() from error
    when = datetime.fromisoformat(place.at)
    return Q(**{f"{at}__lte": when}) & ~Q(**{at: when, "pk__gte": pk})
