"""The sockets of one session, at most one at a time: how each comes, is told how things stand, and
goes. A socket that drops is waited for, and the next one goes on where the ear left off.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from time import time
from uuid import UUID

import structlog

from voice import store
from voice.edge import notices
from voice.edge.connection import Connection
from voice.edge.inbox import Inbox, no_typed_turns
from voice.floor import Floor
from voice.listening import Listening
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.replies import Replies
from voice.replying.reply import Reply
from voice.runtime import Runtime
from voice.telemetry import journal, tracing
from voice.telemetry.closes import kind_of
from voice.telemetry.meters import count
from voice.telemetry.tracing import SessionReport
from voice.turns.events import Rejoined
from voice.wire import SessionOpened, StateChange

log = structlog.get_logger()


class Sockets:
    def __init__(
        self,
        runtime: Runtime,
        *,
        floor: Floor,
        listening: Listening,
        replies: Replies,
        hang_up: Callable[[int], None],
    ) -> None:
        """hang_up: end the session, with this close code."""
        self._runtime = runtime
        self._plan = runtime.plan
        self._line = runtime.line
        self._floor = floor
        self._listening = listening
        self._replies = replies
        self._hang_up = hang_up
        self._waiting: asyncio.TimerHandle | None = None
        self._began_at: float | None = None
        """Unix seconds; None while there is no socket."""
        self._resumed = False
        self._typed = no_typed_turns()

    @property
    def _session(self) -> UUID:
        """The id of the connection."""
        return self._runtime.current.session

    async def attach(self, connection: Connection, *, session: UUID, resumed: bool) -> Inbox:
        """Serve this socket from now on; the one before is told that it was replaced. What the
        client says goes into the inbox."""
        cut = self._replies.hold()
        old = self._line.attach(connection)
        self._replies.released.restart()
        if old is not None:
            self.closed(notices.TAKEN_OVER)
            self._runtime.create_task(self._dismiss(old))
        self._runtime.current.session = session
        self._began_at, self._resumed = time(), resumed
        journal.bind_session(self._plan.opened.conversation, self._plan.person.id, session)
        log.info("socket.joined", resumed=resumed)
        count("sessions_opened")
        if self._waiting is not None:
            self._waiting.cancel()
        try:
            await self._welcome(connection, resumed=resumed)
        except BaseException:  # whoever called us has no session to detach it from
            self.detach(connection, notices.GONE)
            raise
        if cut is not None:
            self._runtime.create_task(self._carry_on(cut))
        return self._inbox(connection)

    def detach(self, connection: Connection, close_code: int) -> None:
        """The socket is gone: wait for the next one, silent, for the resume window."""
        if not self._line.detach(connection) or self._floor.is_closed:
            return
        self._replies.hold()
        self.closed(close_code)
        self._runtime.on_change()
        self._waiting = self._runtime.clock.loop.call_later(
            self._plan.resume_window_s, self._hang_up, close_code
        )

    async def show_phase(self) -> None:
        self._runtime.on_change()
        await self._line.send(StateChange(state=self._floor.state.phase.shown_as))

    async def _welcome(self, connection: Connection, *, resumed: bool) -> None:
        await connection.send(self._opened(connection, resumed=resumed))
        await self.show_phase()
        for notice in notices.of_chain(self._plan.chain):
            await connection.send(notice)
        await self._line.open()

    async def _dismiss(self, old: Connection) -> None:
        try:
            await old.close(notices.TAKEN_OVER, notices.ELSEWHERE)
        except OSError as error:  # TimeoutError is one
            log.info("socket.not_closed", error=str(error))

    async def _carry_on(self, reply: Reply) -> None:
        """Go on once the client has said how much it played of the reply that was cut off."""
        await self._replies.released.last_report(reply)
        self._floor.emit(Rejoined(self._runtime.clock.now(), reply.number))

    def closed(self, close_code: int) -> None:
        """The connection of the moment is over; twice does no harm."""
        self._runtime.recorder.put(partial(store.close_session, self._session, close_code))
        began_at, self._began_at = self._began_at, None
        if began_at is not None:
            log.info("socket.left", session=str(self._session), code=close_code)
            count("sessions_closed", kind_of(close_code))
            self._trace(began_at, close_code)

    def _trace(self, began_at: float, close_code: int) -> None:
        opened = self._plan.opened
        tracing.trace_session(
            SessionReport(
                conversation=opened.conversation,
                session=self._session,
                user=self._plan.person.id,
                agent=self._plan.context.agent.slug,
                began_at=began_at,
                ended_at=time(),
                close_code=close_code,
                resumed=self._resumed,
            )
        )

    def _inbox(self, connection: Connection) -> Inbox:
        return Inbox(
            connection,
            mic=self._listening.mic,
            typed=self._typed,
            emit=self._floor.emit,
            now=self._runtime.clock.now,
            on_playback=self._replies.released.report,
            on_heard=self._replies.heard,
            on_echo=self._listening.note_echo,
            on_end=partial(self._hang_up, notices.HUNG_UP),
        )

    def _opened(self, connection: Connection, *, resumed: bool) -> SessionOpened:
        opened = self._plan.opened
        return SessionOpened(
            conversation=str(opened.conversation),
            session=str(self._session),
            agent=self._plan.context.agent.slug,
            resumed=resumed,
            input_hz=connection.rate_hz,
            output_hz=OUTPUT_HZ,
            providers=self._plan.chain,
        )
