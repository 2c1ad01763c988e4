"""What the client says, turned into what the session understands: sound into the microphone queue,
wishes into events. One inbox serves one connection.
"""

from collections import deque
from collections.abc import Awaitable, Callable

from voice.audio.mic import MicChunk, MicQueue
from voice.edge.connection import Connection
from voice.turns import events as on
from voice.wire import (
    Backlog,
    Commit,
    Echo,
    End,
    Heard,
    Inbound,
    Interrupt,
    Live,
    MicAudio,
    Mute,
    Ping,
    Playback,
    Pong,
    Taken,
    Text,
)

TYPED_MAX = 64
"""Ids of typed turns that a session knows again; a client keeps fewer of them."""


def no_typed_turns() -> deque[str]:
    """To begin with, for all connections of one session."""
    return deque(maxlen=TYPED_MAX)


class Inbox:
    def __init__(
        self,
        connection: Connection,
        *,
        mic: MicQueue,
        typed: deque[str],
        emit: Callable[[on.Event], None],
        now: Callable[[], float],
        on_playback: Callable[[Playback], None],
        on_heard: Callable[[Heard], Awaitable[None]],
        on_echo: Callable[[bool], None],
        on_end: Callable[[], None],
    ) -> None:
        """typed: the ids of turns that were typed, over this connection or one before it."""
        self.connection = connection
        self._mic = mic
        self._typed = typed
        self._emit = emit
        self._now = now
        self._on_playback = on_playback
        self._on_heard = on_heard
        self._on_echo = on_echo
        self._on_end = on_end
        self._position = 0
        self._is_muted = False
        self._is_live = True

    async def receive(self, message: Inbound) -> None:
        """Take a message; never waits for the pipeline."""
        match message:
            case MicAudio(pcm):
                self._hear(pcm)
            case Commit():
                self._end_turn()
            case Mute(muted):
                self._is_muted = muted
            case Backlog() | Live():
                self._is_live = isinstance(message, Live)
            case Playback():
                self._on_playback(message)
            case Heard():
                await self._on_heard(message)
            case Text() | Ping():
                await self._answer(message)
            case _:
                self._wish(message)

    async def _answer(self, message: Text | Ping) -> None:
        match message:
            case Text():
                await self._take(message)
            case Ping(t):
                await self.connection.send(Pong(t=t))

    async def _take(self, typed: Text) -> None:
        """Once: who lost the connection sends again what nobody has said was taken."""
        if typed.id not in self._typed:
            self._emit(on.TextTyped(self._now(), typed.text))
        if typed.id:
            self._typed.append(typed.id)
            await self.connection.send(Taken(id=typed.id))

    def _wish(self, message: Interrupt | Echo | End) -> None:
        match message:
            case Echo(heard):
                self._on_echo(heard)
            case Interrupt():
                self._emit(on.StopAsked(self._now()))
            case End():
                self._on_end()

    def _hear(self, pcm: bytes) -> None:
        self._position += len(pcm) // 2
        if not self._is_muted:
            self._mic.put(self._chunk(pcm))

    def _end_turn(self) -> None:
        """Goes the way of the sound, so that it comes after what was said before it."""
        self._mic.put(self._chunk(b"", ends_turn=True))

    def _chunk(self, pcm: bytes, *, ends_turn: bool = False) -> MicChunk:
        return MicChunk(pcm, self.connection.rate_hz, self._position, self._is_live, ends_turn)
