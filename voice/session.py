"""One running session: its parts, its life and its end. It owns the tasks.

No decision is made here. The session belongs to the process and not to a socket.
"""

import asyncio
from dataclasses import dataclass
from functools import partial
from uuid import UUID

import structlog

from voice import store
from voice.audio.cleanup import Cleanup
from voice.audio.reference import Reference
from voice.clock import Clock
from voice.edge import notices
from voice.edge.connection import Connection
from voice.edge.inbox import Inbox
from voice.edge.line import Line
from voice.edge.watching import Watching
from voice.flight.record import Flight, Unrecorded
from voice.floor import Floor
from voice.listening import Listening
from voice.live import LiveState
from voice.operators import Operators
from voice.performer import Performer
from voice.plan import Plan
from voice.presence import Presence, beginning
from voice.recorder import Recorder
from voice.replying.minutes import Minutes
from voice.replying.replies import Replies
from voice.replying.reporting import Reporting
from voice.runtime import Runtime, Work
from voice.sockets import Sockets
from voice.stages.listen import Vad
from voice.tasks import Tasks
from voice.telemetry import journal
from voice.telemetry.meters import count
from voice.turns.events import HungUp
from voice.wire import Error

log = structlog.get_logger()

FLUSH_S = 5.0


@dataclass(frozen=True, slots=True)
class Ending:
    """Why and how a session ends."""

    close_code: int
    error: Error | None = None
    is_over: bool = True
    """The conversation is; False where another process goes on with it."""


BROKEN = Ending(notices.FAULT, notices.BROKEN, is_over=False)


class Session:
    """`run` is its life. The rest is called on the same event loop while it runs."""

    def __init__(
        self,
        plan: Plan,
        vad: Vad,
        *,
        cleanup: Cleanup | None = None,
        flight: Flight | None = None,
    ) -> None:
        self.plan = plan
        self._tasks = Tasks()
        self._flight = flight or Unrecorded()
        self._floor = Floor(plan.policy, self._flight, on_flood=partial(self.hang_up, BROKEN))
        self._changed = asyncio.Event()
        self._runs = asyncio.Event()
        self._ending = Ending(notices.GONE)
        clock = Clock(asyncio.get_running_loop())
        self._watching = Watching(
            str(plan.opened.conversation), now=clock.now, create_task=self._spawn
        )
        self._runtime = self._make_runtime(clock)
        self.line = self._runtime.line
        self._reporting = Reporting(
            plan, session=lambda: self._runtime.current.session, wall=clock.wall
        )
        self._minutes = Minutes(
            plan.opened,
            recorder=self._runtime.recorder,
            wall=clock.wall,
            measures=self._reporting.stored,
        )
        reference = Reference()
        self._replies = Replies(
            self._runtime, minutes=self._minutes, reporting=self._reporting, reference=reference
        )
        self._listening = self._make_listening(vad, cleanup, reference)
        self._sockets = self._make_sockets()
        self.operators = self._make_operators()
        self._performer = self._make_performer()
        self.presence = self._make_presence()

    # --- its life -------------------------------------------------------------------------------
    async def run(self, carried: LiveState | None = None) -> None:
        """Talk until it is hung up or nobody comes back.

        carried: how the process that had this conversation before left it."""
        plan = self.plan
        journal.bind_session(plan.opened.conversation, plan.person.id, self._runtime.current)
        try:
            async with asyncio.TaskGroup() as recording:
                # A conversation that breaks loses nothing of what was said in it.
                recorder = recording.create_task(self._runtime.recorder.run())
                await self._converse(carried)
                await self._finish()
                recorder.cancel()
        finally:
            self._listening.close()
            self._reporting.close()
            self._flight.close()
            await self.line.close(self._ending.close_code, self._ending.error)

    async def attach(self, connection: Connection, *, session: UUID, resumed: bool) -> Inbox:
        """Serve this socket from now on; the one before is told that it was replaced. What the
        client says goes into the inbox."""
        await self._runs.wait()
        return await self._sockets.attach(connection, session=session, resumed=resumed)

    def detach(self, connection: Connection, close_code: int) -> None:
        """The socket is gone: wait for the next one, silent, for the resume window."""
        self._sockets.detach(connection, close_code)

    def hang_up(self, ending: Ending) -> None:
        """End the session; what was said is kept. Nothing happens when it is ending already."""
        if self.is_ending:
            return
        self._ending = ending
        if not ending.is_over:
            self.presence.leave_behind()
        self._floor.close(HungUp(self._runtime.clock.now()))

    @property
    def is_running(self) -> bool:
        """It has begun, and nothing has ended it."""
        return self._runs.is_set() and not self.is_ending

    @property
    def is_ending(self) -> bool:
        return self._floor.is_closed

    async def _converse(self, carried: LiveState | None) -> None:
        try:
            async with self._tasks:
                self._runs.set()
                if carried is not None:
                    self._take_over(carried)
                self._floor.emit(beginning(self.plan, carried, self._runtime.clock.now()))
                for work in (self._listening.run(), self.presence.keep()):
                    self._tasks.create(work)
                await self._floor.run(
                    self._performer.perform,
                    self._sockets.show_phase,
                    self.operators.decided,
                )
                await self._replies.wait_endings()
        except Exception:
            log.exception("session.broke")
            count("errors", "session")
            self.hang_up(BROKEN)

    def _take_over(self, carried: LiveState) -> None:
        # Its process may have died without a word.
        self._runtime.recorder.put(
            partial(store.close_session, UUID(carried.session), notices.GONE)
        )
        if carried.carries is not None:
            self._replies.take_over(carried)

    async def _finish(self) -> None:
        """Keep all that was said, and only then let others go on from there."""
        log.info("session.ended", code=self._ending.close_code)
        conversation, code = self.plan.opened.conversation, self._ending.close_code
        self._sockets.closed(code)
        self._keep_habit()
        if self._ending.is_over:
            self._runtime.recorder.put(partial(store.end_conversation, conversation))
        await self._runtime.recorder.flush(FLUSH_S)
        await self.presence.close()

    def _keep_habit(self) -> None:
        person, usual_s = self.plan.person, self._floor.state.habit.usual_s
        if usual_s != person.usual_pause_s:
            self._runtime.recorder.put(partial(store.keep_pause, person, usual_s))

    def _spawn(self, work: Work) -> bool:
        """Have it done while the session runs. Before and after it is not done at all: False."""
        if self.is_running:
            try:
                self._tasks.create(work)
                return True
            except RuntimeError:  # it is breaking: its tasks are being ended
                pass
        work.close()
        return False

    # --- its parts ------------------------------------------------------------------------------
    def _make_runtime(self, clock: Clock) -> Runtime:
        return Runtime(
            plan=self.plan,
            clock=clock,
            current=journal.Current(self.plan.opened.session),
            line=Line(self._watching.offer),
            recorder=Recorder(on_lost=lambda: self._runtime.tell(notices.NOT_KEPT)),
            emit=self._floor.emit,
            create_task=self._tasks.create,
            spawn=self._spawn,
            on_change=self._changed.set,
        )

    def _make_listening(self, vad: Vad, cleanup: Cleanup | None, reference: Reference) -> Listening:
        return Listening(
            self._runtime,
            vad=vad,
            cleanup=cleanup,
            reference=reference,
            replies=self._replies.released,
            speech=lambda: self._floor.state.speech,
        )

    def _make_sockets(self) -> Sockets:
        return Sockets(
            self._runtime,
            floor=self._floor,
            listening=self._listening,
            replies=self._replies,
            hang_up=lambda close_code: self.hang_up(Ending(close_code)),
        )

    def _make_operators(self) -> Operators:
        return Operators(
            self._runtime,
            floor=self._floor,
            replies=self._replies,
            listening=self._listening,
            watching=self._watching,
            hang_up=lambda: self.hang_up(Ending(notices.HUNG_UP)),
        )

    def _make_performer(self) -> Performer:
        return Performer(
            self._runtime,
            ear=self._listening.ear,
            replies=self._replies,
            minutes=self._minutes,
            quality=self._listening.quality,
            before_reply=self.operators.apply,
        )

    def _make_presence(self) -> Presence:
        return Presence(
            self._runtime,
            replies=self._replies.released,
            state=lambda: self._floor.state,
            changed=self._changed,
        )
