"""From the microphone to events: VAD says when somebody speaks, the ear says what.

VAD hears the sound clean and without the voices of a crowd, the ear as it came. Time comes from the
sound: an event's moment is how far its sample lies behind the last one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from voice.audio.cleanup import Cleanup
from voice.audio.crowd import Crowd
from voice.audio.echo_check import EchoCheck
from voice.audio.front import FrontEnd
from voice.audio.gate import Dip, Edge, Onset, Rise, SpeechGate
from voice.audio.mic import MicChunk, MicQueue
from voice.audio.pcm import Samples, from_float, rms_dbfs, sample_count
from voice.audio.quality import QualityMeter
from voice.audio.resample import Resampler
from voice.audio.turn_sound import TurnSound
from voice.audio.vad import FRAME_SAMPLES
from voice.providers.protocols import INPUT_HZ
from voice.stages.ear import Ear
from voice.stages.judge import EndJudge
from voice.turns.events import (
    Event,
    SpeechDipped,
    SpeechRose,
    SpeechStarted,
    SpeechStopped,
    TurnCommitted,
)
from voice.wire import AudioMetrics

SILENCE_AFTER_S = 0.2
"""No frames for this long count as silence (docs/protocol.md)."""


class Vad(Protocol):
    async def probability(self, frame: bytes) -> float:
        """That somebody speaks in these 512 samples at 16 kHz."""

    def close(self) -> None: ...


ShowVad = Callable[[bool, float, int], Awaitable[None]]
"""(speaking, probability, sample in the client's microphone stream)"""

ShowQuality = Callable[[AudioMetrics], Awaitable[None]]

FarEnd = Callable[[float, int], Samples]
"""(seconds into the client's microphone stream, samples at 16 kHz) → what its speaker played."""


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
        cleanup: Cleanup | None = None,
        cleans_for_ear: bool = False,
        show_quality: ShowQuality | None = None,
        far_end: FarEnd | None = None,
        echo: EchoCheck | None = None,
        cancels_echo: bool = False,
        judge: EndJudge | None = None,
    ) -> None:
        """cleans_for_ear: the ear hears what VAD hears. judge: is asked at each end of speech.
        echo: tells the assistant's voice from the user's. cancels_echo: once one is heard,
        `cleanup` takes it out, with the help of `far_end`."""
        self._mic = mic
        self._rate_hz = INPUT_HZ
        """Of what the client sends; another client may join with another rate."""
        self._resampler = Resampler(INPUT_HZ, INPUT_HZ)
        self._front = FrontEnd(cleanup)
        self._far_end = far_end
        self._echo = echo
        self._cleanup = cleanup if cancels_echo else None
        self._vad = vad
        self._crowd = Crowd()
        self._judge = judge
        self._turn_sound = TurnSound()
        self._gate = SpeechGate()
        self._meter = QualityMeter()
        self.quality: AudioMetrics | None = None
        """Of the last second."""
        self._ear = ear
        self._cleans_for_ear = cleans_for_ear
        self._emit = emit
        self._show_vad = show_vad
        self._show_quality = show_quality
        self._now = now
        self._position = 0
        """Samples at 16 kHz that the VAD has seen."""
        self._onset = 0
        """Where the voice set in that was heard last."""
        self._received = 0
        """Samples at 16 kHz that came in."""
        self._stream_end = 0
        """The client's sample that corresponds to `_received`."""

    async def run(self) -> None:
        """Listen until cancelled."""
        while True:
            chunk = await self._next_chunk()
            pcm = self._resampled(chunk)
            self._received += sample_count(pcm)
            self._stream_end = chunk.end_sample
            for frame, clean in self._front.feed(pcm, self._far(pcm)):
                await self._hear(frame, clean, is_live=chunk.is_live)
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

    def _far(self, pcm: bytes) -> bytes | None:
        """What the speaker played while the microphone heard this, the last that came in."""
        if self._far_end is None or not self._front.wants_far_end:
            return None
        count = sample_count(pcm)
        began_s = self._stream_end / self._rate_hz - count / INPUT_HZ
        return from_float(self._far_end(began_s, count))

    async def _hear(self, frame: bytes, clean: bytes, *, is_live: bool) -> None:
        probability = await self._vad.probability(clean)
        if self._front.is_clean:  # a crowd is known by its levels without the noise
            probability = self._crowd.heard(probability, rms_dbfs(clean))
        if is_live and self._is_echo(frame):
            probability = 0.0
        edge = self._gate.feed(probability, self._position)
        self._position += FRAME_SAMPLES
        is_speech = self._gate.speaking or edge is not None
        if self._judge:
            self._turn_sound.feed(frame, is_speech=is_speech)
        await self._ear.send(clean if self._cleans_for_ear else frame, is_speech=is_speech)
        if edge:
            await self._tell(edge, probability, is_live=is_live)
        await self._rate(frame)

    def _is_echo(self, frame: bytes) -> bool:
        """Whether a voice in the frame that VAD just heard is the assistant's."""
        if self._echo is None:
            return False
        at_s = self._stream_end / self._rate_hz - (self._received - self._position) / INPUT_HZ
        is_echo = self._echo.is_echo(frame, at_s)
        if self._cleanup is not None and self._echo.needs_canceller:
            self._cleanup.cancel_echo()
        return is_echo

    async def _rate(self, frame: bytes) -> None:
        """Once a second, say how good the sound is."""
        quality = self._meter.feed(frame, is_speech=self._gate.speaking)
        if quality is None:
            return
        self.quality = AudioMetrics(
            snr_db=round(quality.snr_db, 1),
            peak_dbfs=round(quality.peak_dbfs, 1),
            rms_dbfs=round(quality.rms_dbfs, 1),
            clipping=round(quality.clipping, 4),
            quality=quality.quality,
        )
        if self._show_quality:
            await self._show_quality(self.quality)

    async def _tell(self, edge: Edge, probability: float, *, is_live: bool) -> None:
        now = self._now()
        behind = self._received - edge.sample
        at = now - behind / INPUT_HZ
        if isinstance(edge, Dip):
            self._emit(SpeechDipped(now, at))
        elif isinstance(edge, Rise):
            self._emit(SpeechRose(now))
        elif isinstance(edge, Onset):
            self._onset = edge.sample
            has_echo = self._echo is not None and self._echo.needs_canceller
            self._emit(SpeechStarted(now, at, is_live, has_echo))
        else:
            self._emit(SpeechStopped(now, at, (edge.sample - self._onset) / INPUT_HZ))
            if self._judge:
                self._judge.ask(self._turn_sound.pcm(), at)
        if not isinstance(edge, Dip | Rise):
            in_stream = self._stream_end - behind * self._rate_hz // INPUT_HZ
            await self._show_vad(isinstance(edge, Onset), probability, max(0, in_stream))
