"""What the client says, turned into what the session understands: sound into the microphone queue,
wishes into events. One inbox serves one connection.
"""

from collections.abc import Awaitable, Callable

from voice.audio.mic import MicChunk, MicQueue
from voice.connection import Connection
from voice.turns import events as on
from voice.wire import (
    Backlog,
    Commit,
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
        on_end: Callable[[], None],
    ) -> None:
        self.connection = connection
        self._mic = mic
        self._emit = emit
        self._now = now
        self._on_playback = on_playback
        self._on_heard = on_heard
        self._on_end = on_end
        self._position = 0
        self._is_muted = False
        self._is_live = True

    async def receive(self, message: Inbound) -> None:
        """Take a message; never waits for the pipeline."""
        match message:
            case MicAudio():
                self._hear(message.pcm)
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

    def _wish(self, message: Text | Commit | Interrupt | End) -> None:
        match message:
            case Text(text):
                self._emit(on.TextTyped(self._now(), text))
            case Commit():
                self._emit(on.TurnCommitted(self._now()))
            case Interrupt():
                self._emit(on.StopAsked(self._now()))
            case End():
                self._on_end()

    def _hear(self, pcm: bytes) -> None:
        self._position += len(pcm) // 2
        if not self._is_muted:
            rate_hz = self.connection.rate_hz
            self._mic.put(MicChunk(pcm, rate_hz, self._position, self._is_live))
