"""Which session serves a socket: the one that runs here, one taken over from another process, or a
new one. And how all of them end when the process does.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

import structlog

from voice import store
from voice.admission import Admission, Limits
from voice.context import nothing_to_build
from voice.edge import notices
from voice.edge.connection import Connection
from voice.edge.inbox import Inbox
from voice.edge.notices import Refused
from voice.live import LiveSessions, LiveState
from voice.session import Ending, Session
from voice.store import AgentContext, NoSuchAgent, NotForThem, NotYours, Opened, Person

log = structlog.get_logger()

YIELD_S, YIELD_STEP_S = 2.0, 0.05
"""How long another process may take to give up a conversation before we go on without its word."""
ENDING_S = 10.0
"""Longer than a session takes to end when the database is away."""
CANCELLING_S = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody at the door."""

    person: Person
    conversation: UUID | None
    """None: a new one."""
    agent: str | None
    connection: Connection


class Switchboard:
    """One per process, on one event loop."""

    def __init__(
        self,
        *,
        owner: str,
        live: LiveSessions,
        limits: Limits,
        chain: dict[str, list[str]],
        build: Callable[[Person, Opened], Session],
        ask_to_yield: Callable[[LiveState], Awaitable[None]],
        prepare: Callable[[AgentContext], Awaitable[None]] = nothing_to_build,
    ) -> None:
        """owner: names this process. ask_to_yield: have another process give a session up. prepare:
        what a session with this agent needs is made, off the event loop."""
        self._prepare = prepare
        self._owner = owner
        self._live = live
        self._chain = chain
        self._build = build
        self._ask_to_yield = ask_to_yield
        self._admission = Admission(limits, self.sessions)
        self._running: dict[UUID, tuple[Session, asyncio.Task[None]]] = {}
        self._joining: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._is_draining = False

    async def join(self, call: Call) -> tuple[Session, Inbox]:
        """The session that serves this socket from now on, and where to put what the client says.
        Raises Refused."""
        if self._is_draining:
            raise Refused(notices.CLOSED_DOOR)
        if call.conversation is None:
            return await self._begin(call)
        lock = self._joining.setdefault(call.conversation, asyncio.Lock())
        async with lock:
            return await self._resume(call, call.conversation) or await self._begin(call)

    async def drain(self, deadline_s: float) -> None:
        """Let nobody in and end all sessions, so that another process can go on with them."""
        self._is_draining = True
        tasks = [task for _, task in self._running.values()]
        for session, _ in self._running.values():
            session.hang_up(Ending(notices.RESTARTING, notices.RESTART, is_over=False))
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=deadline_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=CANCELLING_S)
            log.info("drained", sessions=len(tasks), late=len(late))

    def give_up(self, conversation: UUID) -> None:
        """Another process goes on with it: somebody joined it there."""
        if running := self._running.get(conversation):
            running[0].hang_up(Ending(notices.TAKEN_OVER, notices.ELSEWHERE, is_over=False))

    async def close_revoked(self) -> None:
        """Close the sockets of those who were logged out since they came in. The conversation can
        be resumed after a new login."""
        lines = [session.line for session, _ in self._running.values()]
        for connection in [line.connection for line in lines if line.connection]:
            if await store.is_revoked(token=connection.token, login=connection.login):
                await connection.close(notices.NOT_LOGGED_IN, notices.REVOKED)

    @property
    def is_draining(self) -> bool:
        """Nobody is let in any more."""
        return self._is_draining

    def conversations(self) -> list[UUID]:
        return list(self._running)

    def sessions(self) -> list[Session]:
        return [session for session, _ in self._running.values()]

    def running(self, conversation: UUID) -> Session | None:
        """The session of it, unless it is ending."""
        session, _ = self._running.get(conversation, (None, None))
        return None if session is None or session.is_ending else session

    async def _resume(self, call: Call, conversation: UUID) -> tuple[Session, Inbox] | None:
        """None where no session runs here. One that is ending is waited for, and was none."""
        if conversation not in self._running:
            return None
        session, task = self._running[conversation]
        if session.plan.person.id != call.person.id:
            raise Refused(notices.NOT_YOURS)
        connected = None if session.is_ending else await self._reopen(call, conversation)
        if connected and not session.is_ending:
            inbox = await session.attach(call.connection, session=connected, resumed=True)
            return session, inbox
        if connected:  # it ended while we were asking the database
            await store.close_session(connected, notices.GONE)
        await asyncio.wait({task}, timeout=ENDING_S)
        return None

    async def _begin(self, call: Call) -> tuple[Session, Inbox]:
        with self._admission.place_for(call.person):
            carried = await self._take_over(call)
            opened = await self._open(call)
            await self._prepare(opened.agent)
            if self._is_draining:
                await store.close_session(opened.session, notices.DRAINING)
                raise Refused(notices.CLOSED_DOOR)
            session = self._start(call.person, opened, carried)
        inbox = await session.attach(
            call.connection, session=opened.session, resumed=carried is not None
        )
        return session, inbox

    def _start(self, person: Person, opened: Opened, carried: LiveState | None) -> Session:
        session = self._build(person, opened)
        task = asyncio.create_task(session.run(carried), name=f"session {opened.conversation}")
        self._running[opened.conversation] = session, task
        task.add_done_callback(lambda _: self._forget(opened.conversation, session))
        return session

    async def _reopen(self, call: Call, conversation: UUID) -> UUID:
        return await store.reopen_session(
            conversation, providers=self._chain, client=call.connection.client
        )

    async def _open(self, call: Call) -> Opened:
        try:
            return await store.open_conversation(
                call.person,
                call.conversation,
                agent_slug=call.agent,
                providers=self._chain,
                client=call.connection.client,
            )
        except NotYours as error:
            raise Refused(notices.NOT_YOURS) from error
        except NoSuchAgent as error:
            raise Refused(notices.no_such_agent(call.agent)) from error
        except NotForThem as error:
            raise Refused(notices.NOT_FOR_YOU) from error

    async def _take_over(self, call: Call) -> LiveState | None:
        """How another process left this conversation, once it has."""
        if call.conversation is None:
            return None
        state = await self._live.get(call.conversation)
        if state is None:
            return None
        if state.user != call.person.id:
            raise Refused(notices.NOT_YOURS)
        if state.owner not in ("", self._owner):
            await self._ask_to_yield(state)
            state = await self._left_behind(call.conversation, state)
        return state

    async def _left_behind(self, conversation: UUID, state: LiveState) -> LiveState:
        for _ in range(round(YIELD_S / YIELD_STEP_S)):
            latest = await self._live.get(conversation)
            if latest is None or latest.owner == "":
                return latest or state
            await asyncio.sleep(YIELD_STEP_S)
        log.warning("takeover.no_answer", owner=state.owner)
        return state

    def _forget(self, conversation: UUID, session: Session) -> None:
        running = self._running.get(conversation)
        if running and running[0] is session:
            del self._running[conversation]
