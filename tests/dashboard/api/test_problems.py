"""What goes wrong is told in one form."""

import asyncio
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from conversations.models import User
from dashboard.api.edge import behind_the_edge
from tests.dashboard.api.conftest import comes_in
from voice.live import LiveUnavailable


def problem(answer: Any, status: int) -> dict[str, Any]:
    """The document, once it is seen to be one."""
    document: dict[str, Any] = answer.json()
    assert answer.status_code == document["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert document["type"] == "about:blank"
    assert document["title"]
    assert document["detail"]
    return document


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing", "/api/v2", "/sessions/no-uuid", "/auth/x", "/metrics/x/y"]
)
def test_an_address_that_is_not_there(db: None, address: str):
    client = Client(enforce_csrf_checks=True)

    for method in ("GET", "POST", "DELETE"):
        problem(client.generic(method, address), 404)


def test_a_method_that_an_address_does_not_take(db: None):
    answer = Client().delete("/sessions")

    assert "GET" in problem(answer, 405)["detail"]
    assert answer["Allow"] == "GET"


def test_nobody_is_logged_in(db: None):
    answer = Client().get("/sessions")

    problem(answer, 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_permission_that_is_missing_is_named(user: User):
    assert "conversations.see_health" in problem(comes_in(user).get("/metrics"), 403)["detail"]


def test_a_body_that_is_no_json(user: User, session: Any):
    client = comes_in(user)
    for body in (b"{", b"\xff", b"[" * 100_000):
        address = f"/sessions/{session}/context"
        problem(client.post(address, body, content_type="application/json"), 400)


def test_all_that_does_not_fit_is_said_at_once(user: User, session: Any):
    answer = comes_in(user).post(
        f"/sessions/{session}/context", {"contxt": 1}, content_type="application/json"
    )

    document = problem(answer, 422)
    assert [each["place"] for each in document["errors"]] == [
        "body.context",
        "body.contxt",
    ]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("the key is s3cret"), 500),
        (OperationalError("no route to db.internal"), 503),
        (LiveUnavailable("no route to redis.internal"), 503),
        (RequestDataTooBig("too much"), 413),
        (User.DoesNotExist("no row 7"), 404),
    ],
)
def test_what_nobody_foresaw_is_told_without_its_reason(
    db: None, error: Exception, status: int, caplog: pytest.LogCaptureFixture
):
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    answered = behind_the_edge(path("health", view, name="health")).callback
    answer = asyncio.run(answered(RequestFactory().get("/health")))

    assert answer.status_code == status
    assert str(error).encode() not in answer.content
    assert ("api.failed" in caplog.text) == (status == 500)


def test_nothing_that_was_answered_is_kept_by_anybody(user: User):
    for address in ("/sessions", "/api/v1/nothing", "/health", "/providers"):
        assert comes_in(user).get(address)["Cache-Control"] == "no-store"


# --- while the database is away -------------------------------------------------------------------
@pytest.fixture
def cookie(settings: LazySettings) -> dict[str, str]:
    """Of a browser that was logged in, while the database does not answer."""
    settings.SESSION_ENGINE = "tests.dashboard.api.away"
    return {settings.SESSION_COOKIE_NAME: "x" * 32}


def test_where_nobody_is_asked_a_browser_that_is_logged_in_is_answered(cookie: dict[str, str]):
    client = Client()
    client.cookies.load(cookie)

    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/ready").json()["status"] == "unavailable"


def test_elsewhere_it_is_told_that_the_database_is_away(cookie: dict[str, str]):
    client = Client()
    client.cookies.load(cookie)

    answer = client.get("/sessions")

    assert "database" in problem(answer, 503)["detail"]
    assert answer["Retry-After"]


# --- other sites ----------------------------------------------------------------------------------
def test_pages_of_sites_in_cors_origins_may_call_and_no_others(db: None, settings: LazySettings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]
    asked = {"Access-Control-Request-Method": "POST"}

    def allowed(origin: str) -> tuple[str | None, str | None]:
        headers = {"Origin": origin}
        preflight = Client().options("/auth/token", headers=headers | asked)
        answer = Client().get("/health", headers=headers)
        name = "Access-Control-Allow-Origin"
        return preflight.get(name), answer.get(name)

    assert allowed("https://app.example.org") == ("https://app.example.org",) * 2
    assert allowed("https://evil.example.org") == (None, None)


def test_they_may_read_how_often_they_may_ask(db: None, settings: LazySettings):
    settings.CORS_ALLOWED_ORIGINS = ["https://app.example.org"]

    answer = Client().get("/health", headers={"Origin": "https://app.example.org"})

    assert "RateLimit" in answer["Access-Control-Expose-Headers"]


def test_they_may_read_an_etag_and_send_it_back(db: None, settings: LazySettings):
    settings.CORS_ALLOWED_ORIGINS = [origin := "https://app.example.org"]

    answer = Client().get("/health", headers={"Origin": origin})
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "if-match"}
    preflight = Client().options("/auth/token", headers={"Origin": origin} | asked)

    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert "if-match" in preflight["Access-Control-Allow-Headers"]
