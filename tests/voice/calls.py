"""A call without a socket: a real session on scripted providers, and a caller at the other end."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from conversations.models import Turn
from tests.voice.scripted import LoudnessVad, ScriptedEar, ScriptedModel, ScriptedVoice
from tests.voice.turns.floor import POLICY
from voice.admission import Limits
from voice.audio.smart_turn import TurnModel
from voice.context import Context, Models
from voice.edge.connection import Connection
from voice.edge.inbox import Inbox
from voice.live import InProcess, LiveSessions
from voice.plan import Plan
from voice.providers.failover.deadlines import HEAR, SPEAK, THINK
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.thinking import ThinkingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import Search
from voice.session import Session
from voice.store import Opened, Person
from voice.switchboard import Call, Switchboard
from voice.turns.policy import Policy
from voice.wire import parse_binary, parse_text

PATIENCE_S = 20.0
DEADLINES = {"stt": HEAR, "llm": THINK, "tts": SPEAK}
FRAME = 640
"""20 ms at 16 kHz."""
LOUD = b"\x00\x40" * 6400
"""0.4 s: long enough for an ear to know words of it."""


def member(stage: str, provider: Any, *, is_last_resort: bool = False) -> Member[Any]:
    """This provider in a chain, in good health."""
    vitals = Vitals(f"{stage}/{provider.name}", DEADLINES[stage])
    return Member(provider.name, provider, vitals, is_last_resort)


def always(opened: Opened, models: list[Member[Any]]) -> Context:
    """Whatever the agent, these models are asked."""
    found = Models(ThinkingChain(models), [model.name for model in models], models[0].name)
    return Context(opened, lambda _: found)


class Caller:
    """One socket as its client sees it."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.audio: list[tuple[int, int, bytes]] = []
        """(reply, first sample, pcm)"""
        self.closed: int | None = None
        self._changed = asyncio.Condition()
        self._stuck_at: dict[str, Any] | None = None
        self._unstuck = asyncio.Event()
        self._inbox: Inbox | None = None
        self.session: Session
        self.connection = Connection(
            rate_hz=16_000,
            audio="binary",
            client="a test",
            send_text=self._text,
            send_bytes=self._bytes,
            close_socket=self._close,
        )

    # --- what the client does -------------------------------------------------------------------
    async def join(
        self, switchboard: Switchboard, person: Person, conversation: UUID | None = None
    ) -> "Caller":
        call = Call(person, conversation, None, self.connection)
        self.session, self._inbox = await switchboard.join(call)
        return self

    async def say(self, kind: str, **fields: Any) -> None:
        assert self._inbox
        message = parse_text(json.dumps({"type": kind, **fields}), rate_hz=16_000)
        await self._inbox.receive(message)

    async def speak(self, seconds: float, *, loud: bool = True, at_once: bool = False) -> None:
        """Microphone sound, as fast as the queue takes it, or faster than anybody listens."""
        assert self._inbox
        frame = (b"\x00\x40" if loud else b"\0\0") * (FRAME // 2)
        for _ in range(round(seconds * 50)):
            await self._inbox.receive(parse_binary(frame))
            if not at_once:
                await asyncio.sleep(0.001)

    async def say_aloud(self, pcm: bytes) -> None:
        """Into the microphone, at the pace of speaking."""
        assert self._inbox
        clock, began_at = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        for start in range(0, len(pcm), FRAME):
            await self._inbox.receive(parse_binary(pcm[start : start + FRAME]))
            await asyncio.sleep(max(0.0, began_at + (start + FRAME) / 32_000 - clock.time()))

    async def take_turn(self) -> None:
        await self.speak(0.5)
        await self.speak(0.6, loud=False)

    async def play(self, reply: int) -> dict[str, Any]:
        """Play this reply to its end, reporting as a browser does; returns `reply_ended`."""
        async with asyncio.timeout(PATIENCE_S):
            while not (ended := [m for m in self.of("reply_ended") if m["reply"] == reply]):
                samples = sum(len(pcm) // 2 for number, _, pcm in self.audio if number == reply)
                await self.say("playback", reply=reply, played_ms=samples / 24)
                await asyncio.sleep(0.02)
        return ended[0]

    def drop(self) -> None:
        """The network goes away."""
        self.connection.is_closed = True
        self.session.detach(self.connection, 1006)

    def stick_at(self, kind: str, **fields: Any) -> None:
        """The socket takes no such message until `unstick`."""
        self._stuck_at = {"type": kind, **fields}

    def unstick(self) -> None:
        self._unstuck.set()

    # --- what the client sees -------------------------------------------------------------------
    @property
    def conversation(self) -> UUID:
        return UUID(self.of("session")[0]["conversation"])

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The first message of this kind with these fields, when it is there."""

        def found() -> dict[str, Any] | None:
            matching = (m for m in self.of(kind) if fields.items() <= m.items())
            return next(matching, None)

        await self.see(lambda: found() is not None, f"{kind} {fields}")
        message = found()
        assert message is not None
        return message

    async def see(self, condition: Callable[[], bool], what: str = "") -> None:
        try:
            async with asyncio.timeout(PATIENCE_S), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            raise AssertionError(f"never saw {what}; saw {self.messages}") from None

    async def see_soon(self, condition: Callable[[], bool]) -> None:
        """Like `see`, for what no message tells of."""
        async with asyncio.timeout(PATIENCE_S):
            while not condition():  # noqa: ASYNC110  (no event tells of it)
                await asyncio.sleep(0.01)

    async def _text(self, text: str) -> None:
        message = json.loads(text)
        if self._stuck_at is not None and self._stuck_at.items() <= message.items():
            await self._unstuck.wait()
        await self._note(lambda: self.messages.append(message))

    async def _bytes(self, frame: bytes) -> None:
        reply, sample = struct.unpack("<II", frame[:8])
        await self._note(lambda: self.audio.append((reply, sample, frame[8:])))

    async def _close(self, code: int) -> None:
        def close() -> None:
            self.closed = code

        await self._note(close)

    async def _note(self, change: Callable[[], None]) -> None:
        async with self._changed:
            change()
            self._changed.notify_all()


@dataclass
class House:
    """One process: its switchboard, and the providers that a test can turn to."""

    live: LiveSessions = field(default_factory=InProcess)
    ear: ScriptedEar = field(default_factory=ScriptedEar)
    model: ScriptedModel = field(default_factory=ScriptedModel)
    second_model: ScriptedModel | None = None
    """Goes on where the first breaks off."""
    voice: ScriptedVoice = field(default_factory=ScriptedVoice)
    vad: LoudnessVad = field(default_factory=LoudnessVad)
    policy: Policy = field(default_factory=lambda: POLICY)
    turn_model: TurnModel | None = None
    search: Search | None = None
    owner: str = "here"
    resume_window_s: float = 30.0
    recall_s: float = 2.0
    """Long enough for a machine that is busy with other tests."""
    sessions_max: int = 100
    neighbours: "dict[str, House]" = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.neighbours[self.owner] = self
        self.switchboard = Switchboard(
            owner=self.owner,
            live=self.live,
            limits=Limits(self.sessions_max, 5),
            chain={"stt": ["scripted"], "llm": ["scripted"], "tts": ["scripted"], "search": []},
            build=self._build,
            ask_to_yield=self._ask,
        )

    def _build(self, person: Person, opened: Opened) -> Session:
        models = [member("llm", m) for m in (self.model, self.second_model) if m]
        plan = Plan(
            person=person,
            opened=opened,
            context=always(opened, models),
            stt=HearingChain([member("stt", self.ear)]),
            tts=SpeakingChain([member("tts", self.voice)]),
            chain={"stt": ["scripted"], "llm": ["scripted"], "tts": ["scripted"], "search": []},
            live=self.live,
            owner=self.owner,
            resume_window_s=self.resume_window_s,
            playout_lead_ms=600,
            policy=self.policy,
            turn_model=self.turn_model,
            search=self.search,
            recall_s=self.recall_s,
        )
        return Session(plan, self.vad)

    async def _ask(self, state: Any) -> None:
        if neighbour := self.neighbours.get(state.owner):
            neighbour.switchboard.give_up(UUID(state.conversation))


@asynccontextmanager
async def house(**parts: Any) -> AsyncIterator[House]:
    """Ends its sessions on the way out, so that nothing runs on after the test."""
    built = House(**parts)
    try:
        yield built
    finally:
        await built.switchboard.drain(deadline_s=5.0)


@database_sync_to_async
def said(conversation: UUID) -> list[tuple[str, str]]:
    """(role, text) of everything that is stored of it."""
    rows = Turn.objects.filter(conversation_id=conversation).order_by("id")
    return [(row.role, row.text) for row in rows]
