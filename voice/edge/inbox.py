"""What the client says, turned into what the session understands: sound into the microphone queue,
wishes into events. One inbox serves one connection.
"""

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
    Text,
)


class Inbox:
    def __init__(
        self,
        connection: Connection,
        *,
        mic: MicQueue,
        emit: Callable[[on.Event], None],
        now: Callable[[], float],
        on_playback: Callable[[Playback], None],
        on_heard: Callable[[Heard], Awaitable[None]],
        on_echo: Callable[[bool], None],
        on_end: Callable[[], None],
    ) -> None:
        self.connection = connection
        self._mic = mic
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
            case Ping(t):
                await self.connection.send(Pong(t=t))
            case _:
                self._wish(message)

    def _wish(self, message: Text | Interrupt | Echo | End) -> None:
        match message:
            case Echo(heard):
                self._on_echo(heard)
            case Text(text):
                self._emit(on.TextTyped(self._now(), text))
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
