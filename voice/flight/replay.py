"""Feed a flight record to today's turn machine and see where it decides differently. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from voice.flight.record import Entry
from voice.turns import actions as do
from voice.turns.events import ContextChanged
from voice.turns.machine import step
from voice.turns.policy import Policy
from voice.turns.state import TurnState


@dataclass(frozen=True, slots=True)
class Replayed:
    """One event of the record, and what today's machine does then."""

    entry: Entry
    before: TurnState
    """As today's machine stood when the event came."""
    actions: tuple[do.Action, ...]

    @property
    def is_same(self) -> bool:
        return self.actions == self.entry.actions


def replay(entries: Iterable[Entry], policy: Policy) -> list[Replayed]:
    """Every event in order. After the first difference the record's later events answer actions
    that today's machine may not have issued, so only the first is sure to mean something."""
    state, replayed = TurnState(), []
    for entry in entries:
        before = state
        if isinstance(entry.event, ContextChanged):
            policy = entry.event.policy
        state, actions = step(state, entry.event, policy)
        replayed.append(Replayed(entry, before, actions))
    return replayed
