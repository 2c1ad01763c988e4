"""Lists of tables that may have ten million rows."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from unfold.admin import ModelAdmin

from conversations.admin.lists import COUNTED_MAX, CappedPaginator, LongList
from conversations.models import ApiLogin, AuditEntry, User
from tests.conversations.admin.conftest import page


class Slow(LongList, ModelAdmin):
    list_ms = 30
    row_s = 2.0
    actions = ("count",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.extra(where=[f"pg_sleep({self.row_s}) IS NOT NULL"])

    def count(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> HttpResponse:
        return HttpResponse(str(len(queryset)))


class NotSoSlow(Slow):
    """Four rows take longer than a list may."""

    row_s = 0.015


@pytest.fixture
def many(db: None) -> None:
    AuditEntry.objects.bulk_create(
        [AuditEntry(by_name="sam", action="list")] * 3 + [AuditEntry(by_name="eve", action="read")]
    )


def test_a_short_list_is_counted_to_the_end(many: None) -> None:
    pages = CappedPaginator(AuditEntry.objects.all(), 2)

    assert (pages.count, pages.num_pages, pages.is_capped) == (4, 2, False)


def test_a_long_list_is_counted_up_to_a_point(db: None) -> None:
    AuditEntry.objects.bulk_create(
        [AuditEntry(by_name="sam", action="list") for _ in range(COUNTED_MAX + 5)]
    )

    pages = CappedPaginator(AuditEntry.objects.all(), 100)

    assert (pages.count, pages.is_capped) == (COUNTED_MAX, True)


def test_a_capped_list_says_so(chief: Client, db: None) -> None:
    AuditEntry.objects.bulk_create(
        [AuditEntry(by_name="sam", action="list") for _ in range(COUNTED_MAX + 1)]
    )

    assert "or more" in chief.get(page(AuditEntry)).content.decode()


def test_the_audit_log_is_found_by_who_what_and_whose(
    chief: Client, many: None, alice: User
) -> None:
    AuditEntry.objects.create(by_name="eve", action="watch", user=alice)

    def found(**asked: str) -> list[tuple[str, str]]:
        rows = chief.get(page(AuditEntry), asked).context["cl"].result_list
        return [(entry.by_name, entry.action) for entry in rows]

    assert found(by="EVE") == [("eve", "watch"), ("eve", "read")]
    assert found(action="Read") == [("eve", "read")]
    assert found(user="alice") == [("eve", "watch")]
    assert found(q="not an id") == []


def of_chief(request: HttpRequest) -> HttpRequest:
    request.user = User.objects.create_superuser("chief")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return request


POSTED: list[dict[str, Any]] = [
    {},
    {"action": "count"},
    {"action": "nothing of ours", "_selected_action": ["1"]},
    {"action": "count", "_selected_action": ["1"], "_save": "1"},
]
"""Each shows the list and does nothing with a row of it."""


@pytest.mark.parametrize("sent", [None, *POSTED])
def test_a_list_that_takes_too_long_says_what_to_do(
    many: None, sent: dict[str, Any] | None
) -> None:
    make, address = RequestFactory(), "/admin/somewhere/?q=anything"
    request = of_chief(make.get(address) if sent is None else make.post(address, sent))

    response = Slow(AuditEntry, admin.site).changelist_view(request)

    [told] = [str(message) for message in get_messages(request)]
    assert (response.status_code, response["Location"]) == (302, "/admin/somewhere/")
    assert told.startswith("That took too long.")
    assert AuditEntry.objects.count() == 4


def test_an_action_may_take_its_time(many: None) -> None:
    chosen = list(AuditEntry.objects.values_list("pk", flat=True))
    sent = {"action": "count", "_selected_action": chosen}
    request = of_chief(RequestFactory().post("/admin/somewhere/?q=anything", sent))

    response = NotSoSlow(AuditEntry, admin.site).changelist_view(request)

    assert response.content == b"4"


@pytest.mark.parametrize(("query", "said"), [("", "Nothing here yet"), ("?q=x", "Nothing found")])
def test_an_empty_list_says_why_it_is_empty(query: str, said: str, chief: Client) -> None:
    response = chief.get(page(ApiLogin) + query, follow=True)

    assert said in response.content.decode()
    assert ("Show everything" in response.content.decode()) == (query == "?q=x")
