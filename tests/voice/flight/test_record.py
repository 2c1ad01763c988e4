"""A record holds all that happened, holds up nobody, and gives way when the disk does."""

import os
from pathlib import Path
from uuid import UUID

import pytest
import structlog

from voice.flight.coding import Unreadable
from voice.flight.record import (
    ENTRIES_WAITING_MAX,
    Entry,
    FlightRecord,
    Header,
    Unrecorded,
    open_record,
    read,
)
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.policy import Policy

CONVERSATION, SESSION = UUID(int=1), UUID(int=2)
HEADER = Header(str(CONVERSATION), str(SESSION), "2026-01-01T00:00:00+00:00", Policy())
STOP = Entry(on.StopAsked(1.5), (do.DropReply(3), do.ReportFailure(2)))


def recorded(path: Path, *entries: Entry) -> list[str]:
    record = FlightRecord(path, HEADER)
    for entry in entries:
        record.note(entry.event, entry.actions)
    record.close()
    record.join(5.0)
    return path.read_text().splitlines(keepends=True)


def test_what_was_noted_is_read_with_its_line(tmp_path):
    later = Entry(on.TextTyped(2.0, "größer\n"), ())

    header, entries = read(recorded(tmp_path / "a.jsonl", STOP, later))

    assert header == HEADER
    assert [(entry.event, entry.actions) for entry in entries] == [
        (STOP.event, STOP.actions),
        (later.event, ()),
    ]
    assert [entry.line for entry in entries] == [2, 3]


def test_each_session_has_a_file_that_names_its_conversation(tmp_path):
    folder = tmp_path / "new" / "folder"
    for session in (SESSION, UUID(int=3)):
        record = open_record(
            str(folder), conversation=CONVERSATION, session=session, policy=Policy()
        )
        assert isinstance(record, FlightRecord)
        record.close()
        record.join(5.0)

    names = [path.name for path in folder.iterdir()]
    assert len(names) == 2
    assert all(str(CONVERSATION) in name for name in names)


def test_without_a_folder_nothing_is_recorded():
    record = open_record("", conversation=CONVERSATION, session=SESSION, policy=Policy())

    assert isinstance(record, Unrecorded)


def test_a_disk_that_cannot_be_written_is_said_once(tmp_path):
    (tmp_path / "file").write_text("")
    with structlog.testing.capture_logs() as logs:
        record = FlightRecord(tmp_path / "file" / "a.jsonl", HEADER)
        record.join(5.0)
        for _ in range(2 * ENTRIES_WAITING_MAX):
            record.note(STOP.event, STOP.actions)
        record.close()

    assert [entry["event"] for entry in logs] == ["flight.not_recorded"]


def test_a_full_disk_ends_the_record(tmp_path):
    path = tmp_path / "a.jsonl"
    path.symlink_to("/dev/full")
    with structlog.testing.capture_logs() as logs:
        record = FlightRecord(path, HEADER)
        record.join(5.0)
        record.note(STOP.event, STOP.actions)

    assert [(entry["event"], "No space" in entry["error"]) for entry in logs] == [
        ("flight.not_recorded", True)
    ]


def test_a_disk_that_hangs_ends_the_record_and_holds_up_nobody(tmp_path):
    pipe = tmp_path / "a.jsonl"
    os.mkfifo(pipe)  # opening it hangs until somebody reads
    with structlog.testing.capture_logs() as logs:
        record = FlightRecord(pipe, HEADER)
        for _ in range(2 * ENTRIES_WAITING_MAX):
            record.note(STOP.event, STOP.actions)
        record.close()

    assert [entry["error"] for entry in logs] == ["the disk is too slow"]
    with pipe.open():
        record.join(5.0)


def test_a_last_line_that_was_cut_off_is_left_out(tmp_path):
    lines = recorded(tmp_path / "a.jsonl", STOP, STOP)

    _, entries = read([*lines[:-1], lines[-1][:-20]])

    assert len(entries) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("nonsense\n", "line 3: no JSON"),
        ("[]\n", "line 3: a JSON object"),
        ('{"event": {"is": "StopAsked", "at": 1}}\n', "line 3: an event and its actions"),
        ('{"event": {"is": "Sneezed", "at": 1}, "actions": []}\n', "line 3: there is no 'Sneezed'"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path, line, why):
    lines = recorded(tmp_path / "a.jsonl", STOP)

    with pytest.raises(Unreadable, match=why):
        read([*lines, line])


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ("", "line 1: no JSON"),
        ("{}\n", "line 1: this is no flight record"),
        ('{"is": "Header", "format": 99}\n', "line 1: this is format 99; today's is 1"),
    ],
)
def test_what_is_no_record_of_ours_is_said(first, why):
    with pytest.raises(Unreadable, match=why):
        read([first])
