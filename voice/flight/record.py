"""The flight record: what entered the turn machine and what came out, one JSON line each, no audio.

It is for finding out what went wrong, and holds what people said: off unless a folder is given.
"""

import json
import queue
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Protocol
from uuid import UUID

import structlog

from voice.flight.coding import CLASS, Unreadable, decode, encode
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.policy import Policy

log = structlog.get_logger()

FORMAT = 1
ENTRIES_WAITING_MAX = 1024
"""A minute of the busiest conversation. Full: the disk has stopped, and so does the record."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line."""

    conversation: str
    session: str
    started: str
    """ISO 8601; the moments of the events are on a clock of their own."""
    policy: Policy
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Entry:
    """One event, and what the machine decided then."""

    event: on.Event
    actions: tuple[do.Action, ...]
    line: int = 0
    """Where it stands in its file."""


class Flight(Protocol):
    """Who is told what the machine decides."""

    def note(self, event: on.Event, actions: Sequence[do.Action]) -> None:
        """Never waits and never raises."""

    def close(self) -> None: ...


class Unrecorded:
    """Nobody."""

    def note(self, event: on.Event, actions: Sequence[do.Action]) -> None:
        return None

    def close(self) -> None:
        return None


def open_record(folder: str, *, conversation: UUID, session: UUID, policy: Policy) -> Flight:
    """A record of this session in a file of its own in `folder`; of nothing where that is empty."""
    if not folder:
        return Unrecorded()
    started = datetime.now(UTC)
    header = Header(str(conversation), str(session), started.isoformat(), policy)
    name = f"{started:%Y%m%dT%H%M%S}-{conversation}-{session}.jsonl"
    return FlightRecord(Path(folder) / name, header)


class FlightRecord:
    """Written by a thread of its own, so that a slow disk holds up no conversation. A write that
    fails is logged once and ends the record."""

    def __init__(self, path: Path, header: Header) -> None:
        self._path = path
        self._entries: queue.Queue[Entry | None] = queue.Queue(ENTRIES_WAITING_MAX)
        self._is_off = False
        self._thread = Thread(target=self._run, args=(header,), name="flight", daemon=True)
        self._thread.start()

    def note(self, event: on.Event, actions: Sequence[do.Action]) -> None:
        self._put(Entry(event, tuple(actions)))

    def close(self) -> None:
        """Nothing more comes; what waits is written."""
        self._put(None)

    def join(self, timeout_s: float) -> None:
        """Wait until all is written. Blocks."""
        self._thread.join(timeout_s)

    def _put(self, entry: Entry | None) -> None:
        if self._is_off:
            return
        try:
            self._entries.put_nowait(entry)
        except queue.Full:
            self._switch_off("the disk is too slow")

    def _run(self, header: Header) -> None:
        try:
            self._write(header)
        except (OSError, TypeError) as error:
            self._switch_off(str(error))

    def _write(self, header: Header) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", buffering=1, encoding="ascii") as file:  # line by line
            file.write(json.dumps(encode(header)) + "\n")
            while not self._is_off and (entry := self._entries.get()) is not None:
                file.write(line_of(entry) + "\n")

    def _switch_off(self, why: str) -> None:
        if not self._is_off:
            self._is_off = True
            log.error("flight.not_recorded", path=str(self._path), error=why)


# --- the lines ----------------------------------------------------------------------------------
def _classes(module: ModuleType) -> dict[str, type]:
    own = (kind for kind in vars(module).values() if is_dataclass(kind) and isinstance(kind, type))
    return {kind.__name__: kind for kind in own if kind.__module__ == module.__name__}


EVENTS, ACTIONS = _classes(on), _classes(do)


def line_of(entry: Entry) -> str:
    return json.dumps({"event": encode(entry.event), "actions": encode(entry.actions)})


def entry_of(line: str, number: int = 0) -> Entry:
    """Raises Unreadable for what today's machine does not know."""
    form = _object(line)
    if form.keys() != {"event", "actions"}:
        raise Unreadable("an event and its actions should stand here")
    event, actions = form["event"], form["actions"]
    if not isinstance(actions, list):
        raise Unreadable("the actions should be a list")
    return Entry(
        decode(event, EVENTS), tuple(decode(action, ACTIONS) for action in actions), number
    )


def read(lines: Iterable[str]) -> tuple[Header, list[Entry]]:
    """A record from its lines. A last line that was cut off, as in a crash, is left out. Raises
    Unreadable, which names the line."""
    whole = [line for line in lines if line.endswith("\n")]
    number = 1
    try:
        header = _header_of(whole[0] if whole else "")
        entries = []
        for number, line in enumerate(whole[1:], start=2):
            entries.append(entry_of(line, number))
    except Unreadable as error:
        raise Unreadable(f"line {number}: {error}") from error
    return header, entries


def _header_of(line: str) -> Header:
    form = _object(line)
    if form.get(CLASS) != Header.__name__:
        raise Unreadable("this is no flight record")
    if form.get("format") != FORMAT:
        raise Unreadable(f"this is format {form.get('format')}; today's is {FORMAT}")
    header = decode(form, {Header.__name__: Header})
    assert isinstance(header, Header)
    return header


def _object(line: str) -> dict[str, object]:
    try:
        form = json.loads(line)
    except ValueError as error:
        raise Unreadable(f"no JSON: {error}") from error
    if not isinstance(form, dict):
        raise Unreadable("a JSON object should stand here")
    return form
