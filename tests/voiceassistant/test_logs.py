"""What stands in the log, and above all what does not."""

import ast
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
import structlog
from structlog.contextvars import clear_contextvars, get_contextvars
from structlog.testing import capture_logs

from conversations import tokens
from voice.telemetry import journal
from voiceassistant import logs

ROOT = Path(__file__).resolve().parents[2]
MERGED = (structlog.contextvars.merge_contextvars,)


def lines(code: str, *, form: str = "json", level: str = "INFO") -> str:
    """What a program of ours writes to stderr with this configuration."""
    begin = f"from voiceassistant import logs; logs.configure(level={level!r}, form={form!r})\n"
    done = subprocess.run(
        [sys.executable, "-c", begin + code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stderr


REFUSED_ROW = """
import structlog
log = structlog.get_logger()
def insert():
    raise ValueError('a row is refused\\nDETAIL:  Failing row contains (plum jam).')
try:
    try:
        insert()
    except ValueError as error:
        raise ExceptionGroup('several', [error, RuntimeError('other')]) from error
except ExceptionGroup:
    log.exception('record.refused', error='a row is refused\\nDETAIL: plum jam')
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_of_what_an_exception_says_the_first_line_is_kept_and_the_values_below_it_are_not(form):
    written = lines(REFUSED_ROW, form=form)

    assert "plum jam" not in written
    assert "ValueError: a row is refused" in written
    assert "in insert" in written  # where it happened
    assert "RuntimeError: other" in written


def test_what_a_library_says_is_one_line_too():
    written = lines(
        "import logging; logging.getLogger('asyncio').error('never retrieved\\nfuture: plum jam')"
    )

    assert json.loads(written)["event"] == "never retrieved"


def test_a_line_of_json_is_one_object_with_level_logger_time_and_ids():
    code = (
        "import structlog\n"
        "structlog.contextvars.bind_contextvars(request='abc')\n"
        "structlog.get_logger('here').info('thing.happened', number=1)"
    )

    line = json.loads(lines(code))

    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "thing.happened",
        "level": "info",
        "logger": "here",
        "number": 1,
        "request": "abc",
    }


def test_libraries_that_tell_what_people_say_are_heard_from_warning_on():
    code = f"import logging\nfor name in {logs.QUIET}: logging.getLogger(name).info('plum jam')"

    assert lines(code, level="DEBUG") == ""


# --- ids ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("offered", ["abc", "7f3a-11.b_C:2", "x" * 64])
def test_a_sane_request_id_is_taken_and_echoed(client, offered):
    answer = client.get("/health", headers={"X-Request-ID": offered})

    assert answer.headers["X-Request-ID"] == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "two words", "line\x0bfeed", "ümlaut", '"};'])
def test_another_is_replaced(client, offered):
    answer = client.get("/health", headers={"X-Request-ID": offered})

    assert answer.headers["X-Request-ID"] != offered
    assert len(answer.headers["X-Request-ID"]) == 32


def test_a_request_is_one_line_with_its_id_and_its_route_and_no_more_of_its_path(client, db):
    with capture_logs(processors=MERGED) as logged:
        client.get("/conversations/?q=plum+jam", headers={"X-Request-ID": "abc"})

    [line] = [entry for entry in logged if entry["event"] == "request.done"]
    assert line.pop("ms") >= 0
    assert line == {
        "event": "request.done",
        "log_level": "info",
        "request": "abc",
        "method": "GET",
        "route": "conversations/",
        "status": 302,
        "user": None,
    }


def test_the_line_says_who_asked_where_that_was_looked_up(client, django_user_model, db):
    client.force_login(user := django_user_model.objects.create_user("alice"))

    with capture_logs() as logged:
        client.get("/conversations/")

    assert [e["user"] for e in logged if e["event"] == "request.done"] == [user.pk]


def test_the_line_says_who_a_token_is_of_whatever_cookie_came_with_it(
    client, django_user_model, db
):
    alice, bob = map(django_user_model.objects.create_user, ("alice", "bob"))
    client.force_login(bob)
    tokens_of = {"alice": tokens.issue(alice), "nobody": "forged"}

    with capture_logs() as logged:
        for token in tokens_of.values():
            client.get("/api/v1/conversations", headers={"Authorization": f"Bearer {token}"})

    assert [e["user"] for e in logged if e["event"] == "request.done"] == [alice.pk, None]


def test_what_machines_ask_every_few_seconds_is_for_debug(client):
    with capture_logs() as logged:
        client.get("/health")

    assert [e["log_level"] for e in logged if e["event"] == "request.done"] == ["debug"]


async def test_requests_that_are_answered_on_the_event_loop_have_ids_as_well(async_client):
    answer = await async_client.get("/health", headers={"X-Request-ID": "abc"})

    assert answer.headers["X-Request-ID"] == "abc"
    assert "request" not in get_contextvars()  # nothing stays behind


def test_the_session_of_a_line_is_that_of_the_moment():
    clear_contextvars()
    current = journal.Current(UUID(int=1))
    journal.bind_socket("abc")
    journal.bind_session(UUID(int=9), 7, current)
    journal.bind_turn(3)
    journal.bind_reply(4)
    current.session = UUID(int=2)

    bound = structlog.contextvars.merge_contextvars(None, "info", {})
    clear_contextvars()

    assert json.loads(structlog.processors.JSONRenderer()(None, "info", bound)) == {
        "conversation": str(UUID(int=9)),
        "user": 7,
        "session": str(UUID(int=2)),
        "turn": 3,
        "reply": 4,
    }


def test_a_new_turn_has_no_reply_yet():
    clear_contextvars()
    journal.bind_turn(1)
    journal.bind_reply(1)
    journal.bind_turn(2)

    bound = get_contextvars()
    clear_contextvars()

    assert bound == {"turn": 2}


# --- who speaks of what -----------------------------------------------------------------------


def test_no_logger_of_ours_is_among_the_quiet_ones():
    ours = {"voice", "conversations", "voiceassistant", "dashboard"}

    assert not ours & set(logs.QUIET)
    assert all(logging.getLogger(name).getEffectiveLevel() < logging.WARNING for name in ours)


# --- what our own lines say -----------------------------------------------------------------------

PACKAGES = ("voice", "conversations", "dashboard", "voiceassistant")
EVENT = re.compile(r"[a-z_]+(\.[a-z_]+)?")
LOUD = {"info", "warning", "error", "exception", "critical"}
FOR_WORDS = {
    *("text", "words", "said", "heard_text", "content", "prompt", "question", "fact", "title"),
    *("answer", "context", "body", "token", "password", "detail"),
}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """(where it stands, the call) of every structlog call at INFO and above."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="log"), attr=level)) if (
                        level in LOUD
                    ):
                        yield f"{path.relative_to(ROOT)}:{node.lineno}", node


ALL_CALLS = list(calls())


def test_our_lines_are_found():
    assert len(ALL_CALLS) > 70


@pytest.mark.parametrize(("where", "call"), ALL_CALLS, ids=[where for where, _ in ALL_CALLS])
def test_a_line_is_the_name_of_an_event_and_fields_that_are_none_for_words(where, call):
    [event] = call.args

    assert isinstance(event, ast.Constant), "a name, and the rest as fields"
    assert EVENT.fullmatch(event.value)
    assert not {keyword.arg for keyword in call.keywords} & FOR_WORDS
