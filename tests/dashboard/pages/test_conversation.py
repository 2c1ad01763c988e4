"""The waterfall as a page, its flight records, and what is noted of who looked."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conversations import selectors, services
from conversations.models import AuditEntry, Conversation, Turn, User
from dashboard.pages.conversations import PER_PAGE

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
METRICS = {
    "final": True,
    "vad_end_ms": 180.0,
    "stt_ms": 20.0,
    "llm_ttft_ms": 300.0,
    "tts_ttfb_ms": 100.0,
    "total_ms": 600.0,
    "cache_hit": False,
    "adopted": True,
    "providers": {"stt": "deepgram", "llm": "groq"},
    "context_version": 7,
    "tools": [{"name": "web_search", "ms": 812.0, "ok": False}],
}


@pytest.fixture
def conversation(db: None) -> Conversation:
    somebody = User.objects.create_user("somebody")
    return services.start_conversation(somebody.pk, selectors.default_agent().pk)


@pytest.fixture
def supervisor(client_of: Callable[[str], Client]) -> Client:
    return client_of("supervisor")


def say(conversation: Conversation, number: int) -> None:
    at = NOON + timedelta(minutes=number)
    services.record_user_turn(
        conversation.pk,
        number,
        text=f"Question <{number}>?",
        source="spoken",
        started_at=at,
        ended_at=at + timedelta(seconds=2),
    )
    services.record_reply(
        conversation.pk,
        number,
        reply=number,
        text=f"Answer {number}.",
        source="model",
        interrupted=number == 1,
        started_at=at + timedelta(seconds=3),
        ended_at=at + timedelta(seconds=5),
        metrics=METRICS,
    )


def page(client: Client, conversation: Conversation, query: str = "") -> str:
    return client.get(f"/dashboard/conversations/{conversation.pk}{query}").content.decode()


def test_a_turn_shows_all_that_its_row_knows(supervisor, conversation):
    say(conversation, 1)

    shown = page(supervisor, conversation)

    for expected in (
        "Question &lt;1&gt;?",
        "Answer 1.",
        "interrupted: what was heard",
        "<strong>600 ms</strong>",
        "end of turn",
        "first token",
        "llm: groq",
        "web_search: 812 ms, failed",
        "context 7",
        "begun early",
    ):
        assert expected in shown
    assert "recall and cache" not in shown
    assert "style=" not in shown


def test_a_tool_that_says_when_it_was_called_is_a_bar(supervisor, conversation):
    called = {"name": "web_search", "ms": 300.0, "ok": True, "began_at": NOON.timestamp() + 0.3}
    say(conversation, 1)
    Turn.objects.filter(role="assistant").update(
        metrics=METRICS | {"speech_ended_at": NOON.timestamp(), "tools": [called]}
    )

    shown = page(supervisor, conversation)

    assert '<rect class="part--tool" x="500.0" width="500.0" height="10"/>' in shown
    assert "web_search: 300 ms" not in shown


def test_a_long_conversation_comes_in_pages_of_as_many_queries(supervisor, conversation):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(supervisor, conversation)
        return len(captured)

    say(conversation, 1)
    few = queries()
    for number in range(2, PER_PAGE):
        say(conversation, number)

    assert queries() == few
    assert "Question &lt;2&gt;?" in page(supervisor, conversation)
    assert "Question &lt;40&gt;?" not in page(supervisor, conversation)
    assert "Question &lt;40&gt;?" in page(supervisor, conversation, "?page=2")


def test_each_look_is_in_the_audit_log(supervisor, conversation):
    page(supervisor, conversation)

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.by_name, entry.conversation) == (
        "read",
        "supervisor",
        conversation.pk,
    )
    assert entry.user == conversation.user


def test_a_turn_leads_to_its_trace_and_its_flight_record(
    supervisor, conversation, settings, tmp_path
):
    settings.TRACE_URL = "https://traces.example.org/{trace_id}"
    settings.FLIGHT_RECORD_DIR = str(tmp_path)
    session = services.open_session(conversation.pk, providers={}, client="a test")
    session.opened_at = NOON
    session.save()
    say(conversation, 1)
    record = record_of(tmp_path, conversation, session.pk)

    shown = page(supervisor, conversation)
    assert f"https://traces.example.org/{session.pk.hex}" in shown
    address = f"/dashboard/conversations/{conversation.pk}/flight/{session.pk}"
    assert address in shown

    download = supervisor.get(address)
    assert b"".join(download.streaming_content) == record.read_bytes()
    assert record.name in download["Content-Disposition"]
    assert AuditEntry.objects.filter(action="export", conversation=conversation.pk).count() == 1


def record_of(folder: Path, conversation: Conversation, session: object) -> Path:
    path = folder / f"20260301T120000-{conversation.pk}-{session}.jsonl"
    path.write_text(json.dumps({"conversation": str(conversation.pk)}) + "\n")
    return path


def test_no_record_of_another_conversation_can_be_had(supervisor, conversation, settings, tmp_path):
    settings.FLIGHT_RECORD_DIR = str(tmp_path)
    other = services.start_conversation(conversation.user_id, conversation.agent_id)
    session = uuid4()
    record_of(tmp_path, other, session)

    mine = supervisor.get(f"/dashboard/conversations/{conversation.pk}/flight/{session}")
    theirs = supervisor.get(f"/dashboard/conversations/{other.pk}/flight/{session}")
    theirs.close()

    assert (mine.status_code, theirs.status_code) == (404, 200)


def test_a_link_in_the_folder_is_not_followed(supervisor, conversation, settings, tmp_path):
    records, secret, session = tmp_path / "records", tmp_path / "secret", uuid4()
    records.mkdir()
    secret.write_text("of nobody's business")
    settings.FLIGHT_RECORD_DIR = str(records)
    (records / f"20260301T120000-{conversation.pk}-{session}.jsonl").symlink_to(secret)

    answer = supervisor.get(f"/dashboard/conversations/{conversation.pk}/flight/{session}")

    assert answer.status_code == 404
