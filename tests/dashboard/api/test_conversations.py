"""Conversations and facts over the API."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from conversations import exports, selectors, services
from conversations.models import AuditEntry, Conversation, Memory, User
from tests.dashboard.api.conftest import comes_in

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def spoken(talk: Conversation) -> Conversation:
    """With a question and an answer, a minute apart."""
    services.record_user_turn(
        talk.pk, 1, text="What is new?", source="spoken", started_at=NOON, ended_at=NOON
    )
    services.record_reply(
        talk.pk,
        1,
        reply=1,
        text="Nothing yet.",
        source="model",
        interrupted=True,
        started_at=NOON + timedelta(minutes=1),
        ended_at=NOON + timedelta(minutes=1),
        metrics={"total_ms": 700},
        sources=[{"title": "News", "url": "https://example.org/"}],
    )
    talk.refresh_from_db()
    return talk


def test_a_conversation_is_shown_with_all_that_was_said(user: User, spoken: Conversation):
    shown = comes_in(user).get(f"/api/v1/conversations/{spoken.pk}").json()

    assert (shown["id"], shown["turns"], shown["replies"]) == (str(spoken.pk), 1, 1)
    assert [(each["role"], each["text"]) for each in shown["said"]] == [
        ("user", "What is new?"),
        ("assistant", "Nothing yet."),
    ]
    reply = shown["said"][1]
    assert (reply["interrupted"], reply["metrics"]) == (True, {"total_ms": 700})
    assert reply["sources"] == [{"title": "News", "url": "https://example.org/"}]
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("form", exports.FORMATS)
def test_a_transcript_is_had_in_every_form(form: str, user: User, spoken: Conversation):
    answer = comes_in(user).get(f"/api/v1/conversations/{spoken.pk}/export", {"format": form})

    assert answer.status_code == 200
    assert answer["Content-Type"] == exports.FORMATS[form].content_type
    assert f".{form}" in answer["Content-Disposition"]
    text = answer.content.decode()
    assert "Nothing yet." in text or "Nothing yet\\." in text
    if form == "txt":
        assert "[13:00:00] ursula: What is new?" in text  # in Berlin
    if form == "json":
        assert json.loads(text)["time_zone"] == "Europe/Berlin"


def test_a_form_that_there_is_not_is_refused(user: User, talk: Conversation):
    answer = comes_in(user).get(f"/api/v1/conversations/{talk.pk}/export?format=docx")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == "query.format"


def test_each_look_of_the_staff_at_others_words_is_in_the_audit_log(
    supervisor: User, user: User, spoken: Conversation
):
    client = comes_in(supervisor)
    client.get("/api/v1/conversations")
    client.get(f"/api/v1/conversations/{spoken.pk}")
    client.get(f"/api/v1/conversations/{spoken.pk}/export")
    client.get("/api/v1/conversations?user=me")
    client.get("/api/v1/memories")

    entries = AuditEntry.objects.order_by("pk").values_list("action", "conversation", "user")
    assert list(entries) == [
        ("list", None, None),
        ("read", spoken.pk, user.pk),
        ("export", spoken.pk, user.pk),
    ]


def test_a_look_of_the_staff_at_what_is_known_about_others_is_in_the_audit_log(
    superuser: User, user: User
):
    comes_in(superuser).get(f"/api/v1/memories?user={user.pk}")
    comes_in(superuser).get("/api/v1/memories")

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.by, entry.user) == ("read memories", superuser, user)


def test_the_list_takes_as_many_queries_for_many_conversations_as_for_one(
    supervisor: User, user: User
):
    client = comes_in(supervisor)

    def start() -> None:
        services.start_conversation(user.pk, selectors.default_agent().pk)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/api/v1/conversations").status_code == 200
        return len(captured)

    start()
    few = queries()
    for _ in range(5):
        start()

    assert queries() == few


def test_the_list_comes_in_pages_that_what_is_new_does_not_move(user: User):
    agent = selectors.default_agent().pk
    talks = [services.start_conversation(user.pk, agent) for _ in range(5)]
    same = NOON  # all begun at the same moment: the id decides
    Conversation.objects.update(started_at=same)
    ids = sorted((str(talk.pk) for talk in talks), key=UUID, reverse=True)
    client = comes_in(user)

    first = client.get("/api/v1/conversations?limit=2").json()
    services.start_conversation(user.pk, agent)
    second = client.get("/api/v1/conversations", {"limit": 2, "cursor": first["next"]}).json()
    third = client.get("/api/v1/conversations", {"limit": 2, "cursor": second["next"]}).json()

    pages = [[each["id"] for each in page["items"]] for page in (first, second, third)]
    assert pages == [ids[:2], ids[2:4], ids[4:]]
    assert third["next"] is None


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "W10=", "WyJ4IiwgInkiXQ==", "WyIyMDI2LTAxLTAxIiwgInkiXQ==", "ü", "=" * 9]
)
@pytest.mark.parametrize("path", ["/sessions", "/api/v1/conversations", "/api/v1/memories"])
def test_a_cursor_that_is_none_is_not_found(user: User, path: str, cursor: str):
    assert comes_in(user).get(f"{path}?cursor={cursor}").status_code == 404


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", ""])
def test_a_page_has_from_one_to_a_hundred_items(user: User, limit: str):
    assert comes_in(user).get(f"/api/v1/conversations?limit={limit}").status_code == 422


# --- facts ----------------------------------------------------------------------------------------
def remembered(user: User, *texts: str) -> list[int]:
    return [services.remember(user.pk, text).pk for text in texts]


def test_facts_are_shown_and_forgotten_one_by_one(user: User):
    dog, sister = remembered(user, "I have a dog.", "My sister lives in Lisbon.")
    client = comes_in(user)

    before = [each["text"] for each in client.get("/api/v1/memories").json()["items"]]
    assert client.delete(f"/api/v1/memories/{dog}").status_code == 204
    after = client.get("/api/v1/memories").json()["items"]

    assert before == ["My sister lives in Lisbon.", "I have a dog."]
    assert [each["id"] for each in after] == [sister]
    assert client.get(f"/api/v1/memories/{sister}").json()["text"] == "My sister lives in Lisbon."
    assert client.delete(f"/api/v1/memories/{dog}").status_code == 404


def test_forgetting_everything_is_about_oneself_whoever_one_is(user: User, superuser: User):
    remembered(user, "I have a dog.")
    remembered(superuser, "I have a cat.")

    assert comes_in(superuser).delete("/api/v1/memories").status_code == 204

    assert [each.user for each in Memory.objects.all()] == [user]


def test_asked_to_forget_somebody_else_it_forgets_nobody(user: User, superuser: User):
    for person in (user, superuser):
        remembered(person, "I have a dog.")
    client = comes_in(superuser)

    answer = client.delete(f"/api/v1/memories?user={user.pk}")

    assert answer.status_code == 403
    assert "oneself" in answer.json()["detail"]
    assert Memory.objects.count() == 2
    assert client.delete("/api/v1/memories?user=x").status_code == 422
    assert client.delete(f"/api/v1/memories?user={superuser.pk}").status_code == 204
    assert [each.user for each in Memory.objects.all()] == [user]


@pytest.mark.parametrize("id", [0, 2**63, 10**400, "x"])
def test_an_id_that_is_none_does_no_harm(user: User, id: Any):
    assert comes_in(user).get(f"/api/v1/memories/{id}").status_code == 422


def test_nobody_has_no_facts(superuser: User):
    assert comes_in(superuser).get("/api/v1/memories?user=999999").status_code == 404
