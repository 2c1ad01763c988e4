"""What all parts of one session share: the plan that it was made by, and its ways in and out."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from voice.clock import Clock
from voice.edge.line import Line
from voice.plan import Plan
from voice.recorder import Recorder
from voice.telemetry.journal import Current
from voice.turns.events import Event
from voice.wire import Outbound

Work = Coroutine[Any, Any, None]


@dataclass(frozen=True, slots=True)
class Runtime:
    """The session owns the tasks that are made by it, and all of them end with it.

    Who needs to know what the turn machine has decided is given that beside it."""

    plan: Plan
    clock: Clock
    """The one by which events have happened."""
    current: Current
    """The id of the connection, as `session` names it."""
    line: Line
    """To the user."""
    recorder: Recorder
    """To the database."""
    emit: Callable[[Event], None]
    """To the turn machine."""
    create_task: Callable[[Work], asyncio.Task[None]]
    """For what the session performs. Raises RuntimeError while it does not run."""
    spawn: Callable[[Work], bool]
    """For what may come at any time: while the session does not run, or is ending, nothing is done,
    and it says False."""
    on_change: Callable[[], None]
    """To other processes: they should hear of how the session stands."""

    def tell(self, message: Outbound) -> None:
        """Send it to the user, and don't wait for that."""
        self.spawn(self.line.send(message))
