"""Voices over WebSockets: any number of contexts on each, all spoken at the pace of Conduct. What
the messages look like is said by the vendor's simulator."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from websockets.asyncio.server import ServerConnection

from tests.simulators import tones
from tests.simulators.conduct import AT_THE_DOOR, Conduct, conducted
from tests.simulators.sockets import SocketSimulator

Sound: TypeAlias = Callable[[str, int], tuple[bytes, list[tuple[str, float]]]]
"""(text, rate in Hz) → PCM, and each word with its start in seconds."""
Message: TypeAlias = dict[str, Any]

RATE_HZ = 24_000
LOUD = 300
REASON_MAX = 123
"""Bytes that fit into a close frame."""


@dataclass(frozen=True, slots=True)
class Piece:
    pcm: bytes
    start_s: float
    marks: list["Mark"]
    """What begins in it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word or a character, and where it lies in the sentence."""

    text: str
    start_s: float
    end_s: float


@dataclass(slots=True)
class Context:
    name: str
    text: str = ""
    input_ended: asyncio.Event = field(default_factory=asyncio.Event)
    """Before that it is not said to be over, even if all of it was spoken."""
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    """There is more text, or its end."""
    speaking: "asyncio.Task[None] | None" = None


class Line:
    """One socket and the contexts on it."""

    def __init__(self, socket: ServerConnection, tasks: asyncio.TaskGroup) -> None:
        self.socket = socket
        self.tasks = tasks
        self.contexts: dict[str, Context] = {}

    async def send(self, *messages: Message) -> None:
        for message in messages:
            await self.socket.send(json.dumps(message))


class SpeakingSimulator(SocketSimulator):
    """A subclass gives `take`, `said` and `last`."""

    idle_close = (1000, "")

    def __init__(self, *args: Any, sound: Sound = tones.sound, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sound = sound
        self.piece_bytes = RATE_HZ // 10 * 2
        """Of sound in each message; odd to cut samples in two."""
        self.release_s = 0.0
        """How long a context that was stopped is still there."""
        self.expires_s: float | None = None
        """A context to which nothing is added for so long, once it is spoken, is over."""
        self.idle_s: float | None = None
        """A socket on which nothing is said for so long is closed."""
        self.next: deque[Conduct] = deque()
        """How the next sentences are answered, one each, before `conduct` holds again."""
        self.asked: list[Message] = []
        self.cancelled: list[str] = []
        """Contexts that were stopped before their end."""

    @property
    def open_sockets(self) -> int:
        return len(self._open)

    async def take(self, line: Line, message: Message) -> None:
        """React to what the client says."""
        raise NotImplementedError

    def said(self, context: str, piece: Piece) -> list[Message]:
        raise NotImplementedError

    def last(self, context: str) -> list[Message]:
        raise NotImplementedError

    async def tell(self, message: str) -> None:
        """Say something on every socket, whatever it is."""
        for socket in list(self._open):
            await socket.send(message)

    def go_deaf(self) -> None:
        """Read nothing any more of what comes on the sockets that are open."""
        for socket in self._open:
            socket.transport.pause_reading()

    async def hang_up(self, code: int = 1000, reason: str = "") -> None:
        for socket in list(self._open):
            await socket.close(code, reason[:REASON_MAX])

    async def converse(self, socket: ServerConnection) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._listen(Line(socket, tasks))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _listen(self, line: Line) -> None:
        while (message := await self._heard(line.socket)) is not None:
            self.asked.append(message)
            self._note()
            await self.take(line, message)

    async def _heard(self, socket: ServerConnection) -> Message | None:
        try:
            async with asyncio.timeout(self.idle_s):
                message: Message = json.loads(await socket.recv())
                return message
        except TimeoutError:
            await socket.close(*self.idle_close)
            return None

    def begin(self, line: Line, context: Context) -> None:
        """Speak its text, in a task of its own."""
        context.speaking = line.tasks.create_task(self._speak(line, context))

    async def stop(self, line: Line, context: Context) -> None:
        """What is on its way still comes."""
        if context.speaking:
            context.speaking.cancel()
        self.cancelled.append(context.name)
        self._note()
        late = Piece(self.sound("late", RATE_HZ)[0], 0.0, [])
        await line.send(*self.said(context.name, late))
        line.tasks.create_task(self._release(line, context))

    async def _release(self, line: Line, context: Context) -> None:
        await asyncio.sleep(self.release_s)
        line.contexts.pop(context.name, None)
        await line.send(*self.last(context.name))

    async def _speak(self, line: Line, context: Context) -> None:
        once = self.next.popleft() if self.next else None
        self.answering += 1
        self._note()
        try:
            await self._speak_all(line, context, lambda: once or self.conduct)
        finally:
            self.answering -= 1
            self._note()
        line.contexts.pop(context.name, None)
        await line.send(*self.last(context.name))

    async def _speak_all(
        self, line: Line, context: Context, conduct: Callable[[], Conduct]
    ) -> None:
        """Its text, and what is added to it meanwhile."""
        spoken, given, from_s = 0, 0, 0.0
        while spoken < len(context.text) or not context.input_ended.is_set():
            context.grown.clear()
            text, spoken = context.text[spoken:], len(context.text)
            async for piece in conducted(self._pieces(text, from_s), conduct, given=given):
                await line.send(*self.said(context.name, piece))
                given += 1
                from_s += len(piece.pcm) / 2 / RATE_HZ
            if spoken == len(context.text) and not context.input_ended.is_set():
                try:
                    async with asyncio.timeout(self.expires_s):
                        await context.grown.wait()
                except TimeoutError:
                    return

    def _pieces(self, text: str, from_s: float = 0.0) -> Iterator[Piece]:
        pcm, starts = self.sound(text, RATE_HZ) if text.strip() else (b"", [])
        until_s = [start_s for _, start_s in (*starts, ("", len(pcm) / 2 / RATE_HZ))][1:]
        words = [
            Mark(word, start_s, _end_s(pcm, start_s, before_s))
            for (word, start_s), before_s in zip(starts, until_s, strict=True)
        ]
        marks = self.marks(words)
        for at in range(0, len(pcm), self.piece_bytes):
            start_s, end_s = at / 2 / RATE_HZ, (at + self.piece_bytes) / 2 / RATE_HZ
            begun = [mark for mark in marks if start_s <= mark.start_s < end_s]
            later = [Mark(m.text, m.start_s + from_s, m.end_s + from_s) for m in begun]
            yield Piece(pcm[at : at + self.piece_bytes], start_s + from_s, later)

    def marks(self, words: list[Mark]) -> list[Mark]:
        """What the vendor gives the times of."""
        return words

    @property
    def refuses(self) -> int | None:
        """The HTTP status that requests get just now, on an open socket in its own words."""
        return AT_THE_DOOR.get(self.conduct.fault)


def _end_s(pcm: bytes, start_s: float, before_s: float) -> float:
    """Where the sound of a word ends, the pause behind it left out."""
    samples = np.frombuffer(pcm, "<i2")[round(start_s * RATE_HZ) : round(before_s * RATE_HZ)]
    loud = np.flatnonzero(np.abs(samples.astype(int)) > LOUD)
    return start_s + (int(loud[-1]) + 1) / RATE_HZ if loud.size else before_s
