"""Who holds the floor: the turn machine at work on the events of one session, one after the other.

What it decides on an event is performed, in order, before the next event is looked at.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from voice.flight.record import Flight
from voice.telemetry.decisions import Decisions
from voice.telemetry.meters import meters
from voice.turns.actions import Action
from voice.turns.events import ContextChanged, Event, HungUp
from voice.turns.machine import step
from voice.turns.policy import Policy
from voice.turns.state import Phase, TurnState

log = structlog.get_logger()

EVENTS_WAITING_MAX = 256
"""Events are handled in microseconds: a full queue is a bug or a flood, and ends the session with
1011. There is one more place, for the HungUp that does so."""


class Floor:
    def __init__(self, policy: Policy, flight: Flight, *, on_flood: Callable[[], None]) -> None:
        """flight: notes each event and what was decided. on_flood: told of an event for which there
        was no room, and has to `close`."""
        self.state = TurnState()
        self.is_closed = False
        self.policy = policy
        """How turns are taken now."""
        self._flight = flight
        self._decisions = Decisions(meters())
        self._on_flood = on_flood
        self._events: asyncio.Queue[Event] = asyncio.Queue(EVENTS_WAITING_MAX + 1)

    def emit(self, event: Event) -> None:
        """Have it decided on after all before it; not once it is closed."""
        if self.is_closed:
            return
        if self._events.qsize() >= EVENTS_WAITING_MAX:
            log.error("session.flooded")
            self._on_flood()
        else:
            self._events.put_nowait(event)

    def close(self, hung_up: HungUp) -> None:
        """The last event."""
        if not self.is_closed:
            self.is_closed = True
            self._events.put_nowait(hung_up)

    async def run(
        self,
        perform: Callable[[Action], Awaitable[None]],
        on_phase: Callable[[], Awaitable[None]],
        on_decided: Callable[[], None] = lambda: None,
    ) -> None:
        """Decide until it is closed. on_phase: told when another phase is to be shown. on_decided:
        told after each event."""
        while self.state.phase is not Phase.ENDED:
            event = await self._events.get()
            before = self.state.phase
            if isinstance(event, ContextChanged):
                self.policy = event.policy
            self.state, actions = step(self.state, event, self.policy)
            self._flight.note(event, actions)
            self._decisions.note(event, self.state, actions)
            for action in actions:
                await perform(action)
            if self.state.phase.shown_as != before.shown_as:
                await on_phase()
            on_decided()
