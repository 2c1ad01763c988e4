"""One running session: it owns the tasks and performs what the turn machine decides.

No decision is made here. The session belongs to the process and not to a socket: a socket that
drops is waited for, and the next one goes on where the ear left off.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
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
from voice.flight.record import Flight, Unrecorded
from voice.history import History
from voice.listening import Listening
from voice.live import LiveState
from voice.performer import Performer
from voice.plan import Plan
from voice.presence import Presence, beginning
from voice.providers.protocols import OUTPUT_HZ
from voice.recorder import Recorder
from voice.replying.minutes import Minutes
from voice.replying.replies import Replies
from voice.replying.reply import Reply
from voice.stages.listen import Vad
from voice.turns import events as on
from voice.turns.machine import step
from voice.turns.state import Phase, TurnState
from voice.wire import Error, Notice, SessionOpened, StateChange

log = structlog.get_logger()

EVENTS_WAITING_MAX = 256
"""Events are handled in microseconds: a full queue is a bug or a flood, and ends the session with
1011. There is one more place, for the HungUp that does so."""
FLUSH_S = 5.0


@dataclass(frozen=True, slots=True)
class Ending:
    """Why and how a session ends."""

    close_code: int
    error: Error | None = None
    is_over: bool = True
    """The conversation is; False where another process goes on with it."""


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
        self.id: UUID = plan.opened.session
        self.line = Line()
        self._loop = asyncio.get_running_loop()
        self._clock = Clock(self._loop)
        self._events: asyncio.Queue[on.Event] = asyncio.Queue(EVENTS_WAITING_MAX + 1)
        self._state = TurnState()
        self._reference = Reference()
        self._history = _history_of(plan.opened)
        self._recorder = Recorder(on_lost=partial(self._notify, notices.NOT_KEPT))
        self._changed = asyncio.Event()
        self._runs = asyncio.Event()
        self._ending = Ending(notices.GONE)
        self.is_ending = False
        self._left_behind: LiveState | None = None
        """For the process that goes on with this conversation."""
        self._waiting: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._flight = flight or Unrecorded()
        self._replies = self._make_replies()
        self._listening = Listening(
            plan,
            vad=vad,
            cleanup=cleanup,
            line=self.line,
            reference=self._reference,
            replies=self._replies,
            speech=lambda: self._state.speech,
            emit=self._emit,
            notify=self._notify,
            now=self._clock.now,
        )
        self.presence = Presence(
            plan,
            replies=self._replies,
            state=lambda: self._state,
            session=lambda: self.id,
            changed=self._changed,
        )
        self._performer = Performer(
            plan.opened.conversation,
            line=self.line,
            ear=self._listening.ear,
            replies=self._replies,
            history=self._history,
            recorder=self._recorder,
            emit=self._emit,
            clock=self._clock,
            quality=self._listening.quality,
        )

    def _make_replies(self) -> Replies:
        return Replies(
            self.plan,
            line=self.line,
            history=self._history,
            minutes=Minutes(
                self.plan.opened.conversation,
                history=self._history,
                recorder=self._recorder,
                wall=self._clock.wall,
            ),
            reference=self._reference,
            emit=self._emit,
            now=self._clock.now,
            create_task=self._create_task,
            on_change=self._changed.set,
        )

    # --- its life -------------------------------------------------------------------------------
    async def run(self, carried: LiveState | None = None) -> None:
        """Talk until it is hung up or nobody comes back.

        carried: how the process that had this conversation before left it."""
        try:
            async with asyncio.TaskGroup() as recording:
                # A conversation that breaks loses nothing of what was said in it.
                recorder = recording.create_task(self._recorder.run())
                await self._converse(carried)
                await self._finish()
                recorder.cancel()
        finally:
            self._listening.close()
            self._flight.close()
            await self.line.close(self._ending.close_code, self._ending.error)

    async def _converse(self, carried: LiveState | None) -> None:
        try:
            async with asyncio.TaskGroup() as self._group:
                self._runs.set()
                if carried is not None:
                    self._take_over(carried)
                self._emit(beginning(self.plan, carried, self._clock.now()))
                for work in (self._listening.run(), self.presence.keep()):
                    self._create_task(work)
                await self._decide()
                await self._replies.wait_endings()
                for task in self._tasks:
                    task.cancel()
        except Exception:
            log.exception("session.broke", conversation=str(self.plan.opened.conversation))
            self.hang_up(Ending(notices.FAULT, notices.BROKEN, is_over=False))

    async def _decide(self) -> None:
        while self._state.phase is not Phase.ENDED:
            event = await self._events.get()
            before = self._state.phase
            self._state, actions = step(self._state, event, self.plan.policy)
            self._flight.note(event, actions)
            for action in actions:
                await self._performer.perform(action)
            if self._state.phase.shown_as != before.shown_as:
                await self._show_phase()

    async def _finish(self) -> None:
        """Keep all that was said, and only then let others go on from there."""
        log.info("session.ended", code=self._ending.close_code)
        conversation = self.plan.opened.conversation
        self._recorder.put(partial(store.close_session, self.id, self._ending.close_code))
        if self._ending.is_over:
            self._recorder.put(partial(store.end_conversation, conversation))
        await self._recorder.flush(FLUSH_S)
        if self._ending.is_over:
            await self.plan.live.remove(conversation, owner=self.plan.owner)
        elif self._left_behind is not None:
            await self.plan.live.put(self._left_behind, lifetime_s=self.plan.resume_window_s)

    # --- the socket -----------------------------------------------------------------------------
    async def attach(self, connection: Connection, *, session: UUID, resumed: bool) -> Inbox:
        """Serve this socket from now on; the one before is told that it was replaced. What the
        client says goes into the inbox."""
        await self._runs.wait()
        cut = self._replies.hold()
        old = self.line.attach(connection)
        self._reference.restart()
        if old is not None:
            self._recorder.put(partial(store.close_session, self.id, notices.TAKEN_OVER))
            self._create_task(self._dismiss(old))
        self.id = session
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            await self._welcome(connection, resumed=resumed)
        except BaseException:  # whoever called us has no session to detach it from
            self.detach(connection, notices.GONE)
            raise
        if cut is not None:
            self._create_task(self._carry_on(cut))
        return Inbox(
            connection,
            mic=self._listening.mic,
            emit=self._emit,
            now=self._clock.now,
            on_playback=self._replies.report,
            on_heard=self._replies.heard,
            on_echo=self._listening.note_echo,
            on_end=partial(self.hang_up, Ending(notices.HUNG_UP)),
        )

    def detach(self, connection: Connection, close_code: int) -> None:
        """The socket is gone: wait for the next one, silent, for the resume window."""
        if not self.line.detach(connection) or self.is_ending:
            return
        self._replies.hold()
        self._recorder.put(partial(store.close_session, self.id, close_code))
        self._changed.set()
        self._waiting = self._loop.call_later(
            self.plan.resume_window_s, self.hang_up, Ending(close_code)
        )

    def hang_up(self, ending: Ending) -> None:
        """End the session; what was said is kept. Nothing happens when it is ending already."""
        if self.is_ending:
            return
        self._ending, self.is_ending = ending, True
        if not ending.is_over:
            self._left_behind = replace(self.presence.live_state(), owner="")
        self._events.put_nowait(on.HungUp(self._clock.now()))

    async def _welcome(self, connection: Connection, *, resumed: bool) -> None:
        await connection.send(self._opened(connection, resumed=resumed))
        await self._show_phase()
        for notice in notices.of_chain(self.plan.chain):
            await connection.send(notice)

    async def _dismiss(self, old: Connection) -> None:
        try:
            await old.close(notices.TAKEN_OVER, notices.ELSEWHERE)
        except OSError as error:  # TimeoutError is one
            log.info("socket.not_closed", error=str(error))

    async def _carry_on(self, reply: Reply) -> None:
        """Go on once the client has said how much it played of the reply that was cut off."""
        await self._replies.last_report(reply)
        self._emit(on.Rejoined(self._clock.now(), reply.number))

    # --- what the user sees of it ----------------------------------------------------------------
    async def _show_phase(self) -> None:
        self._changed.set()
        await self.line.send(StateChange(state=self._state.phase.shown_as))

    def _notify(self, notice: Notice) -> None:
        if not self.is_ending:
            self._create_task(self.line.send(notice))

    # --- how it begins ----------------------------------------------------------------------------
    def _take_over(self, carried: LiveState) -> None:
        # Its process may have died without a word.
        self._recorder.put(partial(store.close_session, UUID(carried.session), notices.GONE))
        if carried.carries is not None:
            self._replies.take_over(carried)

    def _opened(self, connection: Connection, *, resumed: bool) -> SessionOpened:
        opened = self.plan.opened
        return SessionOpened(
            conversation=str(opened.conversation),
            session=str(self.id),
            agent=opened.agent.slug,
            resumed=resumed,
            input_hz=connection.rate_hz,
            output_hz=OUTPUT_HZ,
            providers=self.plan.chain,
        )

    # --- pieces ---------------------------------------------------------------------------------
    def _emit(self, event: on.Event) -> None:
        if self._events.qsize() >= EVENTS_WAITING_MAX:
            log.error("session.flooded", conversation=str(self.plan.opened.conversation))
            self.hang_up(Ending(notices.FAULT, notices.BROKEN, is_over=False))
        elif not self.is_ending:
            self._events.put_nowait(event)

    def _create_task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._group.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _history_of(opened: store.Opened) -> History:
    """What was said in earlier connections of the conversation."""
    history = History(opened.agent.turns_kept * 2)
    for said in opened.history:
        if said.role == "user":
            history.user(said.number, said.text)
        elif said.reply is not None:
            history.assistant(said.reply, said.text)
    return history
