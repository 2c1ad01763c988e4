"""From the microphone to events: VAD says when somebody speaks, the ear says what.

Time comes from the sound: an event's moment is how far its sample lies behind the last one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from voice.audio.framing import Reframer
from voice.audio.gate import Offset, Onset, SpeechGate
from voice.audio.mic import MicChunk, MicQueue
from voice.audio.resample import Resampler
from voice.audio.vad import FRAME_SAMPLES
from voice.providers.protocols import INPUT_HZ
from voice.stages.ear import Ear
from voice.turns.events import Event, SpeechStarted, SpeechStopped, TurnCommitted

SILENCE_AFTER_S = 0.2
"""No frames for this long count as silence (docs/protocol.md)."""


class Vad(Protocol):
    async def probability(self, frame: bytes) -> float:
        """That somebody speaks in these 512 samples at 16 kHz."""

    def close(self) -> None: ...


ShowVad = Callable[[bool, float, int], Awaitable[None]]
"""(speaking, probability, sample in the client's microphone stream)"""


class Listener:
    def __init__(
        self,
        mic: MicQueue,
        *,
        vad: Vad,
        ear: Ear,
        emit: Callable[[Event], None],
        show_vad: ShowVad,
        now: Callable[[], float],
    ) -> None:
        self._mic = mic
        self._rate_hz = INPUT_HZ
        """Of what the client sends; another client may join with another rate."""
        self._resampler = Resampler(INPUT_HZ, INPUT_HZ)
        self._reframer = Reframer(FRAME_SAMPLES)
        self._vad = vad
        self._gate = SpeechGate()
        self._ear = ear
        self._emit = emit
        self._show_vad = show_vad
        self._now = now
        self._position = 0
        """Samples at 16 kHz that the VAD has seen."""
        self._received = 0
        """Samples at 16 kHz that came in."""
        self._stream_end = 0
        """The client's sample that corresponds to `_received`."""

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            chunk = await self._next_chunk()
            pcm = self._resampled(chunk)
            self._received += len(pcm) // 2
            self._stream_end = chunk.end_sample
            for frame in self._reframer.feed(pcm):
                await self._hear(frame, is_live=chunk.is_live)
            if chunk.ends_turn:
                self._emit(TurnCommitted(self._now()))

    async def _next_chunk(self) -> MicChunk:
        """The next sound; silence when a speaker's frames stop coming, until VAD has seen it."""
        if not self._gate.speaking:
            return await self._mic.get()
        try:
            async with asyncio.timeout(SILENCE_AFTER_S):
                return await self._mic.get()
        except TimeoutError:
            silence = bytes(2 * int(self._rate_hz * SILENCE_AFTER_S))
            return MicChunk(silence, self._rate_hz, self._stream_end)

    def _resampled(self, chunk: MicChunk) -> bytes:
        if chunk.rate_hz != self._rate_hz:
            self._rate_hz = chunk.rate_hz
            self._resampler = Resampler(chunk.rate_hz, INPUT_HZ)
        return self._resampler.feed(chunk.pcm)

    async def _hear(self, frame: bytes, *, is_live: bool) -> None:
        probability = await self._vad.probability(frame)
        edge = self._gate.feed(probability, self._position)
        self._position += FRAME_SAMPLES
        await self._ear.send(frame, is_speech=self._gate.speaking or edge is not None)
        if edge:
            await self._tell(edge, probability, is_live=is_live)

    async def _tell(self, edge: Onset | Offset, probability: float, *, is_live: bool) -> None:
        now = self._now()
        behind = self._received - edge.sample
        at = now - behind / INPUT_HZ
        began = isinstance(edge, Onset)
        self._emit(SpeechStarted(now, at, is_live) if began else SpeechStopped(now, at))
        in_stream = self._stream_end - behind * self._rate_hz // INPUT_HZ
        await self._show_vad(began, probability, max(0, in_stream))
