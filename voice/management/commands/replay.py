"""`manage.py replay`: today's turn machine on a flight record, and where it decides differently."""

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from voice.flight.coding import Unreadable
from voice.flight.record import Header, read
from voice.flight.replay import Replayed, replay
from voice.turns.actions import Action
from voice.turns.events import Event

DIFFERENT, UNREADABLE = 1, 2
CONTEXT_LINES = 5


class Command(BaseCommand):
    help = (
        "Feed a flight record to the turn machine as it is today, and show where it decides "
        "differently. Exits with 0 when it decides the same, 1 when not, 2 when the record cannot "
        "be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="A record from FLIGHT_RECORD_DIR.")
        parser.add_argument("--verbose", action="store_true", help="Print every event and action.")

    def handle(self, *args: Any, file: Path, verbose: bool, **options: Any) -> None:
        try:
            with file.open(encoding="ascii") as lines:
                header, entries = read(lines)
        except (OSError, Unreadable, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}", returncode=UNREADABLE) from error
        replayed = replay(entries, header.policy)
        self._tell(header, replayed, verbose=verbose)

    def _tell(self, header: Header, replayed: Sequence[Replayed], *, verbose: bool) -> None:
        differences = [place for place, one in enumerate(replayed) if not one.is_same]
        began_at = replayed[0].entry.event.at if replayed else 0.0
        self.stdout.write(f"conversation {header.conversation}, {header.started}, {header.policy}")
        for one in replayed if verbose else _around(replayed, differences[:1]):
            self.stdout.write(_shown(one, began_at))
        if differences:
            line = replayed[differences[0]].entry.line
            counted = f"{len(differences)} of {len(replayed)} events"
            summary = f"{counted} are decided differently, the first on line {line}."
            raise CommandError(summary, returncode=DIFFERENT)
        self.stdout.write(self.style.SUCCESS(f"{len(replayed)} events, decided as recorded."))


def _around(replayed: Sequence[Replayed], places: Sequence[int]) -> Sequence[Replayed]:
    """The first difference and what led to it."""
    return [one for at in places for one in replayed[max(0, at - CONTEXT_LINES) : at + 1]]


def _shown(one: Replayed, began_at: float) -> str:
    """An event with its moment since the beginning, and the actions below it."""
    event, line = one.entry.event, one.entry.line
    shown = [f"{line:5} {event.at - began_at:9.3f}  {_value(event, began_at)}"]
    if one.is_same:
        shown += [f"{'':18}→ {_value(action, began_at)}" for action in one.actions]
        return "\n".join(shown)
    shown += [f"{'':18}in {one.before}"]
    shown += [f"{'recorded':>16}  → {_value(action, began_at)}" for action in one.entry.actions]
    shown += [f"{'today':>16}  → {_value(action, began_at)}" for action in one.actions]
    if not one.entry.actions:
        shown += [f"{'recorded':>16}  → nothing"]
    if not one.actions:
        shown += [f"{'today':>16}  → nothing"]
    return "\n".join(shown)


def _value(value: Event | Action, began_at: float) -> str:
    """Its class and fields; moments (`…_at`) since the beginning."""
    shown = []
    for field in fields(value):
        content = getattr(value, field.name)
        if isinstance(content, float):
            content = round(content - began_at * field.name.endswith("_at"), 3)
        if field.name != "at":
            shown.append(f"{field.name}={content!r}")
    return " ".join([type(value).__name__, *shown])
