"""Every address of the API, and what it answers to whom."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import URLPattern, get_resolver

from conversations import selectors, services
from conversations.models import Conversation, User
from dashboard.api.application import api
from tests.dashboard.api.conftest import comes_in

ROLES = ("anonymous", "user", "other", "operator", "supervisor", "superuser")
"""user: whose session, conversation and fact it is."""
LINE = {"text": "One moment, please."}
CONTEXT = {"context": "Be brief."}
NO_ANSWER = 504
"""It was let through: no process runs the session."""

OPEN = (200, 200, 200, 200, 200, 200)
LOGGED_IN = (401, 200, 200, 200, 200, 200)
TABLE: dict[tuple[str, str], tuple[int, ...]] = {
    ("GET", "/"): OPEN,
    ("GET", "/api/"): OPEN,
    ("GET", "/health"): OPEN,
    ("GET", "/ready"): (503,) * 6,  # nothing is loaded yet
    ("GET", "/providers"): OPEN,
    ("GET", "/openapi.json"): OPEN,
    ("GET", "/docs"): OPEN,
    ("GET", "/asyncapi.yaml"): OPEN,
    ("POST", "/auth/token"): OPEN,
    ("POST", "/auth/refresh"): (401,) * 6,
    ("POST", "/auth/revoke"): (204,) * 6,
    ("GET", "/sessions"): LOGGED_IN,
    ("GET", "/sessions/{session_id}"): (401, 200, 404, 200, 200, 200),
    ("DELETE", "/sessions/{session_id}"): (401, NO_ANSWER, 404, 403, NO_ANSWER, NO_ANSWER),
    ("GET", "/sessions/{session_id}/context"): (401, 200, 404, 403, 200, 200),
    ("POST", "/sessions/{session_id}/context"): (401, 200, 404, 403, 200, 200),
    ("POST", "/api/v1/sessions/{session_id}/note"): (401, 200, 404, 403, 200, 200),
    ("POST", "/api/v1/sessions/{session_id}/say"): (401, 403, 404, 403, NO_ANSWER, NO_ANSWER),
    ("GET", "/api/v1/conversations"): LOGGED_IN,
    ("GET", "/api/v1/conversations/{conversation_id}"): (401, 200, 404, 404, 200, 200),
    ("GET", "/api/v1/conversations/{conversation_id}/export"): (401, 200, 404, 404, 200, 200),
    ("GET", "/api/v1/memories"): LOGGED_IN,
    ("DELETE", "/api/v1/memories"): (401, 204, 204, 204, 204, 204),
    ("GET", "/api/v1/memories/{memory_id}"): (401, 200, 404, 404, 404, 404),
    ("DELETE", "/api/v1/memories/{memory_id}"): (401, 204, 404, 404, 404, 404),
    ("GET", "/metrics"): (401, 403, 403, 200, 200, 200),
    ("GET", "/metrics/recent"): (401, 403, 403, 200, 200, 200),
    ("GET", "/api/v1/nothing"): (404,) * 6,
}  # fmt: skip
BODIES: dict[str, Any] = {
    "/auth/token": {"username": "ursula", "password": "correct horse battery staple"},
    "/auth/refresh": {"refresh": "forged"},
    "/auth/revoke": {"refresh": "forged"},
    "/sessions/{session_id}/context": CONTEXT,
    "/api/v1/sessions/{session_id}/note": LINE,
    "/api/v1/sessions/{session_id}/say": LINE,
}
WITHOUT_OPERATION = {
    "openapi-json": "/openapi.json",
    "openapi-view": "/docs",
    "not-found": "/api/v1/nothing",
    "api-root": "/",
}
"""Addresses of the API that its schema does not have, by name."""


@pytest.fixture
def ids(talk: Conversation, session: UUID, user: User) -> dict[str, Any]:
    fact = services.remember(user.pk, "She has a dog.")
    return {"session_id": session, "conversation_id": talk.pk, "memory_id": fact.pk}


@pytest.fixture
def everybody(
    user: User, other: User, operator: User, supervisor: User, superuser: User
) -> dict[str, User | None]:
    people = (None, user, other, operator, supervisor, superuser)
    return dict(zip(ROLES, people, strict=True))


def asked(client: Client, method: str, path: str, ids: dict[str, Any]) -> int:
    body = json.dumps(BODIES[path]) if path in BODIES else ""
    address, kind = path.format(**ids), "application/json"
    answer = client.generic(method, address, body, content_type=kind, headers={"Accept": kind})
    return answer.status_code


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), TABLE, ids=lambda part: part)
def test_each_address_answers_each_role_as_the_table_says(
    method: str, path: str, role: str, everybody: dict[str, User | None], ids: dict[str, Any]
):
    client = comes_in(everybody[role])

    assert asked(client, method, path, ids) == TABLE[method, path][ROLES.index(role)]


def test_no_address_is_missing_from_the_table():
    operations = {
        (method.upper(), path)
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    others = {("GET", path) for path in WITHOUT_OPERATION.values()}

    assert operations | others | {("GET", "/")} == TABLE.keys()


def test_no_address_is_missing_from_the_schema():
    """Whatever is there without being in the schema is named above."""
    [included] = [
        each for each in get_resolver().url_patterns if getattr(each, "namespace", "") == "api"
    ] or [
        each
        for outer in get_resolver().url_patterns
        for each in getattr(outer, "url_patterns", [])
        if getattr(each, "namespace", "") == "api"
    ]
    in_schema = {
        operation.view_func.__name__
        for router in api._get_bound_routers()
        for view in router.path_operations.values()
        for operation in view.operations
        if operation.include_in_schema
    }
    hidden = {
        pattern.name
        for pattern in included.url_patterns
        if isinstance(pattern, URLPattern) and pattern.name not in in_schema
    }

    assert hidden == WITHOUT_OPERATION.keys()


@pytest.mark.parametrize("role", ["user", "operator", "supervisor", "superuser"])
def test_lists_hold_ones_own_and_everybodys_only_with_the_permission(
    role: str, everybody: dict[str, User | None], ids: dict[str, Any], other: User, runs: Any
):
    theirs = services.start_conversation(other.pk, selectors.default_agent().pk)
    runs(theirs)
    client, me = comes_in(everybody[role]), everybody[role]
    assert me is not None

    seen = {
        path: {each["user"] for each in client.get(path).json()["items"]}
        for path in ("/sessions", "/api/v1/conversations")
    }
    everyone = {talk.user_id for talk in Conversation.objects.all()}
    own = {user for user in everyone if user == me.pk}

    assert len(everyone) == 2
    assert seen == {
        "/sessions": own if role == "user" else everyone,
        "/api/v1/conversations": everyone if role in ("supervisor", "superuser") else own,
    }


@pytest.mark.parametrize(
    ("role", "status"),
    [("user", 200), ("other", 403), ("operator", 403), ("supervisor", 403), ("superuser", 200)],
)
def test_facts_about_somebody_else_are_for_superusers(
    role: str, status: int, everybody: dict[str, User | None], ids: dict[str, Any], user: User
):
    answer = comes_in(everybody[role]).get(f"/api/v1/memories?user={user.pk}")

    assert answer.status_code == status
    assert ("dog" in answer.content.decode()) == (status == 200)


@pytest.mark.parametrize(
    ("role", "status"), [("other", 403), ("operator", 403), ("supervisor", 200)]
)
def test_whoever_else_sees_facts_has_to_be_staff_that_may_read_words(
    role: str, status: int, everybody: dict[str, User | None], ids: dict[str, Any], user: User
):
    person = everybody[role]
    assert person is not None
    person.user_permissions.add(Permission.objects.get(codename="view_memory"))

    assert comes_in(person).get(f"/api/v1/memories?user={user.pk}").status_code == status


def test_a_permission_counts_for_the_staff_only(
    supervisor: User, session: UUID, talk: Conversation
):
    supervisor.is_staff = False
    supervisor.save()
    client = comes_in(supervisor)

    assert client.get(f"/sessions/{session}").status_code == 404
    assert client.get(f"/api/v1/conversations/{talk.pk}").status_code == 404
    assert client.get("/metrics").status_code == 403
