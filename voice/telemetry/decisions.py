"""What the turn machine decided in one session, counted: turns, speculations, interruptions.

An interruption is known for what it was only when it is over, so a little is remembered.
"""

from collections.abc import Iterable

from voice.telemetry.meters import Meters
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.state import TurnState

NO_INTERRUPTION = (on.HungUp, on.SayAsked)
"""The reply is cut, and nobody has spoken over it."""


class Decisions:
    def __init__(self, into: Meters) -> None:
        self._into = into
        self._turn = 0
        """The last that was counted: a turn that goes on is taken again."""
        self._speculative: set[int] = set()
        """Attempts of which nothing is known yet."""
        self._has_cut = False
        """A reply was cut, and it is not clear whether anything is being said."""

    def note(self, event: on.Event, state: TurnState, actions: Iterable[do.Action]) -> None:
        """state: after the event."""
        for action in actions:
            self._count(event, action)
        if self._has_cut and state.speech is None:
            self._interrupted("false")

    def _count(self, event: on.Event, action: do.Action) -> None:
        match action:
            case do.RecordTurn():
                self._record(action)
            case do.Speculate(attempt=attempt):
                self._speculative.add(attempt)
                self._into.count("speculations", "begun")
            case do.AdoptReply(attempt=attempt) if attempt in self._speculative:
                self._speculative.discard(attempt)
                self._into.count("speculations", "adopted")
            case do.DropReply(attempt=attempt):
                self._speculative.discard(attempt)
            case do.InterruptReply() if isinstance(event, on.StopAsked | on.TextTyped):
                self._interrupted("true")
            case do.InterruptReply() if not isinstance(event, NO_INTERRUPTION):
                self._has_cut = True
            case do.Unduck():
                self._interrupted("recovered")

    def _record(self, action: do.RecordTurn) -> None:
        if self._has_cut:
            self._interrupted("true")
        if action.turn != self._turn:
            self._turn = action.turn
            self._into.count("turns", action.source)

    def _interrupted(self, outcome: str) -> None:
        self._has_cut = False
        self._into.count("interruptions", outcome)
