"""The turn machine keeps its books: whatever happens, every reply that it begins is ended once, and
nothing is asked of one that is not there.
"""

import random
from dataclasses import dataclass, field, replace

import pytest

from tests.voice.turns.floor import POLICY
from tests.voice.turns.test_random_walks import any_event
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.machine import step
from voice.turns.policy import Policy
from voice.turns.state import TurnState

STEPS = 80


@dataclass
class Books:
    """What the performer of these actions would hold."""

    held: set[int] = field(default_factory=set)
    """Attempts that nobody hears."""
    heard: tuple[int, int] | None = None
    """(attempt, number) of the reply that is released."""
    attempts: int = 0
    numbers: int = 0
    ducked: int | None = None

    def enter(self, action: do.Action) -> None:
        match action:
            case do.StartReply(attempt) | do.Speculate(attempt) | do.Say(attempt):
                self._begin(attempt)
            case do.ResumeReply(attempt, _, resumes):
                assert self.heard
                assert self.heard[1] == resumes
                self._end_heard()
                self._begin(attempt)
            case do.AdoptReply(attempt):
                assert attempt in self.held
            case do.DropReply(attempt):
                self.held.remove(attempt)
            case do.ReleaseReply(attempt, number):
                self._release(attempt, number)
            case do.InterruptReply(attempt, number) | do.CloseReply(attempt, number):
                assert self.heard == (attempt, number)
                self._end_heard()
            case do.Duck(number) | do.Unduck(number):
                self._duck(number, is_ducked=isinstance(action, do.Duck))

    def _begin(self, attempt: int) -> None:
        assert attempt > self.attempts
        self.attempts = attempt
        self.held.add(attempt)
        assert len(self.held) <= 1, "another was begun, and this one was neither heard nor dropped"

    def _release(self, attempt: int, number: int) -> None:
        assert self.heard is None
        assert number > self.numbers
        self.held.remove(attempt)
        self.heard, self.numbers = (attempt, number), number

    def _duck(self, number: int, *, is_ducked: bool) -> None:
        assert self.heard
        assert self.heard[1] == number
        assert self.ducked == (None if is_ducked else number)
        self.ducked = number if is_ducked else None

    def _end_heard(self) -> None:
        self.heard = self.ducked = None


def anything(chance: random.Random, state: TurnState) -> on.Event:
    event = any_event(chance, state)
    if isinstance(event, on.TranscriptGrew):
        return replace(event, is_echo=chance.random() < 0.2)
    return event


@pytest.mark.parametrize("policy", [POLICY, Policy()], ids=["even pauses", "as in production"])
@pytest.mark.parametrize("seed", range(100))
def test_what_is_begun_is_ended_once(seed, policy):
    chance, state, books = random.Random(seed), TurnState(), Books()
    events = [anything(chance, state)]
    for _ in range(STEPS):
        state, actions = step(state, events[-1], policy)
        for action in actions:
            books.enter(action)
        events.append(anything(chance, state))

    state, actions = step(state, on.HungUp(100.0), policy)
    for action in actions:
        books.enter(action)

    assert books.held == set()
    assert books.heard is None
