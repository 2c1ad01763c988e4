"""What a list of conversations or turns can be narrowed by."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import get_format
from django.utils.timezone import make_aware
from unfold.contrib.filters.admin import (
    BooleanRadioFilter,
    ChoicesDropdownFilter,
    DropdownFilter,
    RangeDateFilter,
    RelatedDropdownFilter,
    TextFilter,
)

from conversations.models import User

__all__ = [
    "Between",
    "BooleanRadioFilter",
    "ByMeaning",
    "BySource",
    "ByUser",
    "ChoicesDropdownFilter",
    "RelatedDropdownFilter",
    "named_in",
]

SOURCES = ("spoken", "typed", "model", "cache", "greeting", "operator", "resumed", "fallback")
"""Of a turn, as docs/protocol.md has them."""


class ByUser(TextFilter):
    """By the whole name: whoever is looked at has to be named."""

    title = "user name"
    parameter_name = "user"
    path = "user"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = str(self.value() or "").strip()
        if not name:
            return queryset
        users = list(User.objects.filter(username__iexact=name).values_list("pk", flat=True))
        return queryset.filter(**{f"{self.path}__in": users})


class BySource(DropdownFilter):
    title = "source"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [(source, source) for source in SOURCES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(source=self.value()) if self.value() else queryset


class Between(RangeDateFilter):
    """Whole days where the staff are, the first and the last included."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "day"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        first, last = (self._day(end) for end in ("from", "to"))
        if first:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": _midnight(first)})
        if last:
            following = _midnight(last + timedelta(days=1))
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": following})
        return queryset

    def _day(self, end: str) -> date | None:
        return parsed(self.used_parameters.get(f"{self.parameter_name}_{end}") or "")


class ByMeaning(admin.SimpleListFilter):
    """How the search box searches. It stands beside that, and not among the filters."""

    title = "search"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return [("meaning", "by meaning")]

    def has_output(self) -> bool:
        return False

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


def named_in(path: str) -> type[ByUser]:
    """The filter by user where the user is not the row's own."""
    return type("ByUserOf", (ByUser,), {"path": path})


def parsed(text: str) -> date | None:
    """A day as a date picker writes it; None for what is none."""
    for form in get_format("DATE_INPUT_FORMATS"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    return None


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
