"""Under both kinds of server: times are the user's own for the length of a request."""

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient, Client, RequestFactory
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from structlog.testing import capture_logs

from conversations.middleware import TimeZoneMiddleware
from conversations.models import Conversation, User
from tests.conversations.conftest import said


def zone_of(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


async def azone_of(request: HttpRequest) -> HttpResponse:
    return zone_of(request)


def test_without_a_login_times_are_utc_and_nobody_is_looked_up() -> None:
    request = RequestFactory().get("/")  # has no user to ask for

    assert TimeZoneMiddleware(zone_of)(request).content == b"UTC"


async def test_an_asynchronous_site_needs_no_detour_through_threads() -> None:
    response = await TimeZoneMiddleware(azone_of)(RequestFactory().get("/"))

    assert response.content == b"UTC"


class Away:
    """The user of a request, while the database does not answer."""

    @property
    def __class__(self) -> type:
        raise OperationalError("no route")


async def nobody_answers() -> None:
    raise OperationalError("no route")


@pytest.fixture
def logged_in(settings: LazySettings) -> RequestFactory:
    """Its requests come with a session's cookie."""
    factory = RequestFactory()
    factory.cookies[settings.SESSION_COOKIE_NAME] = "x"
    return factory


def test_without_a_database_times_are_utc_and_the_view_is_asked(logged_in: RequestFactory) -> None:
    request = logged_in.get("/")
    request.user = Away()

    with capture_logs() as logged:
        assert TimeZoneMiddleware(zone_of)(request).content == b"UTC"
    assert [line["event"] for line in logged] == ["time_zone.unknown"]


async def test_nor_is_an_asynchronous_view_kept_from_answering(logged_in: RequestFactory) -> None:
    request = logged_in.get("/")
    request.auser = nobody_answers

    assert (await TimeZoneMiddleware(azone_of)(request)).content == b"UTC"


@pytest.mark.parametrize("path", [reverse_lazy("api:health"), reverse_lazy("api:ready")])
async def test_where_nobody_is_asked_nobody_is_looked_up(
    logged_in: RequestFactory, path: str
) -> None:
    request = logged_in.get(path)  # has no user to ask for

    assert TimeZoneMiddleware(zone_of)(request).content == b"UTC"
    assert (await TimeZoneMiddleware(azone_of)(request)).content == b"UTC"


def test_the_zone_of_one_request_is_over_with_it(as_alice: Client, hers: Conversation) -> None:
    said(hers, 1, "hello")

    page = as_alice.get(reverse("conversation", args=[hers.pk]))

    assert "Times in Europe/Berlin" in page.content.decode()
    assert timezone.get_current_timezone_name() == "UTC"


@pytest.fixture
async def _no_connection_left() -> AsyncIterator[None]:
    """Queries of asynchronous code run in a thread that keeps its connection."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_no_connection_left")
async def test_under_an_asynchronous_server_the_zone_is_the_users_too(
    alice: User, hers: Conversation, async_client: AsyncClient
) -> None:
    await sync_to_async(said)(hers, 1, "hello")
    await async_client.aforce_login(alice)

    page = await async_client.get(reverse("conversation", args=[hers.pk]))

    assert "Times in Europe/Berlin" in page.content.decode()
