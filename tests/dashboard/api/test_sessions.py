"""Running sessions, seen and steered over the API."""

import re
from time import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from conversations import selectors, services
from conversations.models import AuditEntry, Conversation, User
from tests.dashboard.api.conftest import Runs, comes_in
from tests.dashboard.api.test_problems import problem
from voice.turns.heard import Spoken


def post(client: Client, address: str, seen: str | None = None, /, **body: Any) -> Any:
    """seen: for If-Match."""
    headers = {"If-Match": seen} if seen else {}
    return client.post(address, body, content_type="application/json", headers=headers)


def test_a_session_is_shown_without_a_word(user: User, talk: Conversation, runs: Runs):
    spoken = (Spoken("The secret is out.", 0, 24_000),)
    session = runs(talk, turn=3, reply=2, spoken=spoken, unvoiced=("And more.",), own_version=4)

    answer = comes_in(user).get(f"/sessions/{session}")

    shown = answer.json()
    assert not re.search("secret|more", answer.content.decode())
    assert (shown["session"], shown["conversation"]) == (str(session), str(talk.pk))
    assert (shown["user_name"], shown["agent"]) == ("ursula", talk.agent.slug)
    assert (shown["state"], shown["turn"], shown["reply"]) == ("listening", 3, 2)
    assert (shown["connected"], shown["own_version"]) == (True, 4)


def test_an_id_from_before_a_resume_leads_to_the_session_that_runs(
    user: User, talk: Conversation, runs: Runs
):
    before, now = runs(talk), runs(talk)

    shown = comes_in(user).get(f"/sessions/{before}").json()
    told = post(comes_in(user), f"/sessions/{before}/context", context="Be brief.")

    assert shown["session"] == str(now)
    assert told.json() == {"conversation": str(talk.pk), "version": 1}


def test_what_a_session_is_told_is_kept_as_it_is_sent(
    user: User, talk: Conversation, session: UUID
):
    client = comes_in(user)
    first = post(client, f"/sessions/{session}/context", context="Be brief. Be kind. ü")
    second = post(client, f"/api/v1/sessions/{session}/note", text="They  have\nto go.")
    talk.refresh_from_db()

    assert (first.json()["version"], second.json()["version"]) == (1, 2)
    assert talk.context == "Be brief. Be kind. ü\nThey have to go."
    assert AuditEntry.objects.count() == 0  # it is their own


@pytest.mark.parametrize(
    ("where", "field"),
    [("/sessions/{}/context", "context"), ("/api/v1/sessions/{}/note", "text")],
)
def test_what_staff_tells_somebody_elses_session_is_in_the_audit_log(
    where: str, field: str, supervisor: User, user: User, talk: Conversation, session: UUID
):
    post(comes_in(supervisor), where.format(session), **{field: "Be brief."})

    [entry] = AuditEntry.objects.all()
    assert (entry.by, entry.user, entry.conversation) == (supervisor, user, talk.pk)
    assert entry.action in where
    assert "brief" not in str(entry.detail)


# --- two who change what it is told ---------------------------------------------------------------
def test_the_etag_is_the_version_of_what_it_is_told_as_it_is_stored(
    user: User, talk: Conversation, session: UUID
):
    client, address = comes_in(user), f"/sessions/{session}"
    answers = [
        client.get(address),
        post(client, f"{address}/context", context="Be brief."),
        post(client, f"/api/v1{address}/note", text="Be kind."),
        client.get(f"{address}/context"),
        client.get(address),
    ]

    assert [answer["ETag"] for answer in answers] == ['"0"', '"1"', '"2"', '"2"', '"2"']
    assert answers[3].json() == {
        "conversation": str(talk.pk),
        "version": 2,
        "context": "Be brief.\nBe kind.",
    }


@pytest.mark.parametrize("seen", ['"1"', 'W/"1"', "*", None])
def test_what_was_seen_is_replaced(seen: str | None, user: User, talk: Conversation, session: UUID):
    client, address = comes_in(user), f"/sessions/{session}/context"
    post(client, address, context="Be brief.")

    answer = post(client, address, seen, context="Be kind.")
    talk.refresh_from_db()

    assert (answer.status_code, answer["ETag"], talk.context) == (200, '"2"', "Be kind.")


@pytest.mark.parametrize("seen", ['"0"', 'W/"0"', '"2"', '"999999999"'])
def test_what_somebody_changed_since_it_was_seen_is_not_replaced(
    seen: str, supervisor: User, talk: Conversation, session: UUID
):
    client, address = comes_in(supervisor), f"/sessions/{session}/context"
    post(client, address, context="Be brief.")

    answer = post(client, address, seen, context="Be kind.")
    talk.refresh_from_db()

    document = problem(answer, 412)
    assert "version 1" in document["detail"]
    assert "get it again" in document["detail"]
    assert (talk.context, talk.context_version) == ("Be brief.", 1)
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("seen", ["1", '"a"', '""', " ", '"1", "2"', '"-1"', '"9999999999"'])
def test_an_if_match_that_is_no_etag_of_ours_changes_nothing(
    seen: str, user: User, talk: Conversation, session: UUID
):
    answer = post(comes_in(user), f"/sessions/{session}/context", seen, context="Be kind.")
    talk.refresh_from_db()

    assert "Nothing was saved" in problem(answer, 412)["detail"]
    assert talk.context_version == 0


def test_a_look_at_what_somebody_elses_session_is_told_is_in_the_audit_log(
    supervisor: User, user: User, talk: Conversation, session: UUID
):
    comes_in(user).get(f"/sessions/{session}/context")
    comes_in(supervisor).get(f"/sessions/{session}/context")

    [entry] = AuditEntry.objects.all()
    assert (entry.by, entry.user, entry.conversation) == (supervisor, user, talk.pk)
    assert (entry.action, entry.detail) == ("read", {"what": "context"})


# --- without an answer ----------------------------------------------------------------------------
@pytest.mark.parametrize("action", ["say", "end"])
def test_without_an_answer_it_may_have_been_done_and_is_in_the_audit_log(
    action: str, supervisor: User, user: User, talk: Conversation, session: UUID
):
    client = comes_in(supervisor)
    if action == "say":
        answer = post(client, f"/api/v1/sessions/{session}/say", text="One moment.")
    else:
        answer = client.delete(f"/sessions/{session}")

    assert answer.status_code == 504
    assert "may have been done" in answer.json()["detail"]
    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.by, entry.user) == (action, supervisor, user)
    assert entry.conversation == talk.pk


def test_what_is_too_long_or_no_text_is_refused_and_nothing_is_changed(
    user: User, talk: Conversation, session: UUID
):
    client = comes_in(user)
    bodies = ({"context": "x" * 8_001}, {"context": "\0"}, {"context": 1}, {}, {"more": "y"})
    for body in bodies:
        assert post(client, f"/sessions/{session}/context", **body).status_code == 422
    for text in ("", " \n", "\0", "x" * 1_001):
        assert post(client, f"/api/v1/sessions/{session}/note", text=text).status_code == 422
    talk.refresh_from_db()

    assert (talk.context, talk.context_version) == ("", 0)


def test_notes_that_grow_too_long_together_are_refused(
    user: User, talk: Conversation, session: UUID
):
    client = comes_in(user)
    post(client, f"/sessions/{session}/context", context="x" * 7_999)

    answer = post(client, f"/api/v1/sessions/{session}/note", text="More.")

    assert answer.status_code == 422
    assert "8,000" in answer.json()["detail"]


def test_a_session_that_runs_no_more_is_not_found(user: User, talk: Conversation):
    over = services.open_session(talk.pk, providers={}, client="")
    client = comes_in(user)

    for id in (over.pk, uuid4()):
        assert client.get(f"/sessions/{id}").status_code == 404
        assert client.delete(f"/sessions/{id}").status_code == 404
        assert post(client, f"/sessions/{id}/context", context="x").status_code == 404
    talk.refresh_from_db()
    assert talk.context_version == 0


def test_one_that_waits_to_be_taken_over_is_not_shown(user: User, talk: Conversation, runs: Runs):
    session = runs(talk, owner="")

    assert comes_in(user).get(f"/sessions/{session}").status_code == 404
    assert comes_in(user).get("/sessions").json()["items"] == []


def test_the_list_comes_in_pages_the_newest_first(operator: User, user: User, runs: Runs):
    now = time()
    talks = [services.start_conversation(user.pk, selectors.default_agent().pk) for _ in range(5)]
    ids = [str(runs(talk, since=now - age)) for age, talk in enumerate(talks)]
    client = comes_in(operator)

    seen, cursor = [], ""
    for _ in range(3):
        page = client.get("/sessions", {"limit": 2, "cursor": cursor}).json()
        seen.append([each["session"] for each in page["items"]])
        cursor = page["next"]

    assert seen == [ids[:2], ids[2:4], ids[4:]]
    assert cursor is None


def test_staff_may_ask_for_their_own_alone(operator: User, session: UUID):
    client = comes_in(operator)

    assert len(client.get("/sessions").json()["items"]) == 1
    assert client.get("/sessions?user=me").json()["items"] == []
