"""A flight record that is kept in memory."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from voice.flight.coding import encode
from voice.flight.record import Entry, Header, line_of
from voice.turns.actions import Action
from voice.turns.events import Event
from voice.turns.policy import Policy


@dataclass
class Logbook:
    policy: Policy
    entries: list[Entry] = field(default_factory=list)
    is_closed: bool = False

    def note(self, event: Event, actions: Sequence[Action]) -> None:
        self.entries.append(Entry(event, tuple(actions), len(self.entries) + 2))

    def close(self) -> None:
        self.is_closed = True

    def lines(self) -> list[str]:
        """As `manage.py replay` reads them."""
        header = Header("a scenario", "", "", self.policy)
        return [json.dumps(encode(header)), *map(line_of, self.entries)]
