import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
import pytest

from tests.voice.audio.recordings import RATE_HZ, Recording, noise, recordings
from tests.voice.calls import member
from tests.voice.scripted import ScriptedEar
from voice.audio.cleanup import Cleanup
from voice.audio.mic import MicChunk, MicQueue
from voice.audio.pcm import Samples, from_float, silence, to_float
from voice.audio.vad import FRAME_SAMPLES, VoiceDetector
from voice.providers.failover.hearing import HearingChain
from voice.stages.ear import Ear
from voice.stages.listen import Listener, Vad
from voice.turns.events import (
    Event,
    SpeechDipped,
    SpeechRose,
    SpeechStarted,
    SpeechStopped,
    TurnCommitted,
)
from voice.wire import AudioMetrics

FRAME_S = FRAME_SAMPLES / RATE_HZ


class ScriptedVad:
    """A probability for each frame, and then silence."""

    def __init__(self, probabilities: Sequence[float]) -> None:
        self._left = list(probabilities)

    async def probability(self, frame: bytes) -> float:
        return self._left.pop(0) if self._left else 0.0

    def close(self) -> None:
        return None


class Listening:
    """A listener, and what came of what it heard. Its clock is that of the sound."""

    def __init__(self, vad: Vad, **how: Any) -> None:
        self.events: list[Event] = []
        self.metrics: list[AudioMetrics] = []
        self._provider = ScriptedEar()
        self._mic = MicQueue(capacity_s=60.0)
        self._fed = 0
        self._taken = asyncio.Event()
        self.ear = Ear(
            HearingChain([member("stt", self._provider)]),
            language="en",
            terms=(),
            emit=self._emit,
            now=self._now,
            on_failure=lambda error: None,
        )
        self.listener = Listener(
            self._mic,
            vad=vad,
            ear=self.ear,
            emit=self._emit,
            show_vad=self._ignore,
            show_quality=self._show_quality,
            now=self._now,
            **how,
        )

    @property
    def sent(self) -> bytes:
        """What the ear got, which wants speech only."""
        return b"".join(stream.received for stream in self._provider.opened)

    async def hear(self, pcm: bytes, chunk: int = 640) -> None:
        """Chunk by chunk, each listened to before the next comes."""
        for at in range(0, len(pcm), chunk):
            piece = pcm[at : at + chunk]
            self._fed += len(piece) // 2
            self._taken.clear()
            self._mic.put(MicChunk(piece, RATE_HZ, self._fed, ends_turn=True))
            await asyncio.wait_for(self._taken.wait(), 10)

    def _now(self) -> float:
        return self._fed / RATE_HZ

    def _emit(self, event: Event) -> None:
        if isinstance(event, TurnCommitted):
            self._taken.set()
        else:
            self.events.append(event)

    async def _ignore(self, speaking: bool, probability: float, sample: int) -> None:
        return None

    async def _show_quality(self, metrics: AudioMetrics) -> None:
        self.metrics.append(metrics)


@asynccontextmanager
async def listening(vad: Vad, **how: Any) -> AsyncIterator[Listening]:
    subject = Listening(vad, **how)
    tasks = [asyncio.create_task(subject.ear.run()), asyncio.create_task(subject.listener.run())]
    for _ in range(2):  # the chain begins, and then its ear
        await asyncio.sleep(0)
    try:
        yield subject
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@pytest.fixture(scope="module")
def detector():
    detector = VoiceDetector(batch_every_s=0)
    yield detector
    detector.close()


def frames(count: int) -> bytes:
    return silence(count * FRAME_S, RATE_HZ)


async def test_a_voice_starts_dips_rises_and_stops_where_it_did():
    vad = ScriptedVad([0.0] * 5 + [0.9] * 10 + [0.0] * 3 + [0.9] * 10)
    async with listening(vad) as subject:
        await subject.hear(frames(40), chunk=2 * FRAME_SAMPLES)

    started, dipped, rose, dipped_again, stopped = subject.events
    assert started == SpeechStarted(pytest.approx(8 * FRAME_S), pytest.approx(5 * FRAME_S), True)
    assert dipped == SpeechDipped(pytest.approx(17 * FRAME_S), pytest.approx(15 * FRAME_S))
    assert rose == SpeechRose(pytest.approx(19 * FRAME_S))
    assert dipped_again == SpeechDipped(pytest.approx(30 * FRAME_S), pytest.approx(28 * FRAME_S))
    assert stopped == SpeechStopped(
        pytest.approx(33 * FRAME_S), pytest.approx(28 * FRAME_S), pytest.approx(23 * FRAME_S)
    )


@pytest.mark.parametrize("cleans", [False, True])
async def test_real_speech_is_found_where_it_is(detector, cleans):
    async def errors_s(recording: Recording) -> tuple[float, float]:
        how = {"cleanup": Cleanup()} if cleans else {}
        async with listening(detector.open(), **how) as subject:
            room = from_float(noise("pink", -70, 0.5))
            await subject.hear(room + recording.pcm + silence(0.5, RATE_HZ), chunk=3200)
        began = next(e.began_at for e in subject.events if isinstance(e, SpeechStarted))
        ended = [e.ended_at for e in subject.events if isinstance(e, SpeechStopped)][-1]
        return abs(began - 0.5 - recording.start_s), abs(ended - 0.5 - recording.end_s)

    errors = await asyncio.gather(*map(errors_s, recordings()))

    assert max(onset for onset, _ in errors) < 0.1
    assert max(offset for _, offset in errors) < 0.13


@pytest.mark.parametrize("colour", ["white", "pink", "brown", "hum", "clicks"])
async def test_half_a_minute_of_a_noisy_room_is_no_speech(detector, colour):
    async def heard(level_dbfs: float) -> list[Event]:
        async with listening(detector.open(), cleanup=Cleanup()) as subject:
            await subject.hear(from_float(noise(colour, level_dbfs, 30)), chunk=3200)
        return subject.events

    assert await asyncio.gather(*map(heard, (-55, -40, -25))) == [[], [], []]


async def test_how_the_sound_is_cut_makes_no_difference(detector):
    pcm = recordings()[1].pcm + silence(0.5, RATE_HZ)

    async def moments(chunk: int) -> list[tuple[type[Event], float]]:
        async with listening(detector.open(), cleanup=Cleanup()) as subject:
            await subject.hear(pcm, chunk)
        told = [e for e in subject.events if isinstance(e, SpeechStarted | SpeechStopped)]
        return [(type(e), getattr(e, "began_at", getattr(e, "ended_at", 0.0))) for e in told]

    by_20_ms, by_32_ms, by_100_ms = [await moments(chunk) for chunk in (640, 1024, 3200)]

    assert len(by_20_ms) >= 2
    assert by_32_ms == by_20_ms
    assert by_100_ms == by_20_ms


async def test_half_a_second_before_the_voice_reaches_an_ear_that_wants_speech_only(detector):
    for recording in (recordings()[0], recordings()[4], recordings()[10]):
        lead = from_float(noise("pink", -70, 1.0))
        pcm = lead + recording.pcm
        async with listening(detector.open(), cleanup=Cleanup()) as subject:
            await subject.hear(pcm, chunk=1024)

        at = pcm.find(subject.sent[:2048])
        begins_s = at / 2 / RATE_HZ - 1.0
        assert at >= 0
        assert recording.start_s - 0.6 < begins_s < recording.start_s - 0.35, recording.name
        first_word = pcm[at : round((2 + recording.start_s) * RATE_HZ) * 2]
        assert subject.sent.startswith(first_word), recording.name


async def test_the_ear_hears_the_sound_as_it_came_though_vad_hears_it_clean():
    pcm = recordings()[0].pcm[: 80 * 1024]
    async with listening(ScriptedVad([0.9] * 80), cleanup=Cleanup()) as subject:
        await subject.hear(pcm)

    assert len(subject.sent) >= 78 * 1024
    assert pcm.startswith(subject.sent)


async def test_the_ear_can_have_it_clean_too():
    pcm = recordings()[0].pcm[: 80 * 1024]
    how = {"cleanup": Cleanup(), "cleans_for_ear": True}
    async with listening(ScriptedVad([0.9] * 80), **how) as subject:
        await subject.hear(pcm)

    assert len(subject.sent) >= 78 * 1024
    assert Cleanup().process(pcm).startswith(subject.sent)


async def test_how_good_the_sound_is_is_told_once_a_second_and_kept():
    time = np.arange(3 * RATE_HZ) / RATE_HZ
    tone = np.asarray(0.1 * np.sin(2 * np.pi * 440 * time), np.float32)
    async with listening(ScriptedVad([])) as subject:
        assert subject.listener.quality is None
        await subject.hear(from_float(tone))

    assert [metrics.rms_dbfs for metrics in subject.metrics] == [-23.0, -23.0, -23.0]
    assert [metrics.peak_dbfs for metrics in subject.metrics] == [-20.0, -20.0, -20.0]
    assert subject.listener.quality is subject.metrics[-1]


async def test_the_far_end_is_asked_for_without_gaps_and_only_to_cancel_an_echo():
    asked: list[tuple[float, int]] = []

    def far_end(at_s: float, count: int) -> Samples:
        asked.append((at_s, count))
        return np.zeros(count, np.float32)

    cleanup = Cleanup()
    async with listening(ScriptedVad([]), cleanup=cleanup, far_end=far_end) as subject:
        await subject.hear(silence(0.5, RATE_HZ))
        assert asked == []
        cleanup.cancel_echo()
        await subject.hear(silence(0.5, RATE_HZ))

    assert asked == [(pytest.approx(0.5 + 0.02 * i), 320) for i in range(25)]


def cafe(level_dbfs: float, seconds: float) -> Samples:
    """Six people who talk without an end."""
    random, count = np.random.default_rng(3), round(seconds * RATE_HZ)
    mixed = np.zeros(count)
    for recording in recordings()[:12:2]:
        begin, end = round(recording.start_s * RATE_HZ), round(recording.end_s * RATE_HZ)
        said = to_float(recording.pcm)[begin:end].astype(np.float64)
        said /= np.sqrt(np.mean(np.square(said)))
        mixed += np.resize(np.roll(said, random.integers(said.size)), count)
    rms = np.sqrt(np.mean(np.square(mixed)))
    return np.asarray(mixed / rms * 10 ** (level_dbfs / 20), np.float32)


async def test_a_turn_in_a_crowd_begins_and_ends_though_the_crowd_goes_on(detector):
    speaker, begins_s = recordings()[17], 8.0  # 5.5 s
    speech = to_float(speaker.pcm)[: round(speaker.end_s * RATE_HZ)]
    crowd = cafe(10 * np.log10(np.mean(np.square(speech))) - 15, 16.0)
    crowd[round(begins_s * RATE_HZ) :][: speech.size] += speech
    async with listening(detector.open(), cleanup=Cleanup()) as subject:
        await subject.hear(from_float(crowd), chunk=3200)

    ends_s = begins_s + speaker.end_s
    open_s = spells(subject.events)
    assert not any(began < 7.0 < ended for began, ended in open_s)
    of_turn = [spell for spell in open_s if spell[1] > begins_s and spell[0] < ends_s]
    assert sum(min(b, ends_s) - max(a, begins_s) for a, b in of_turn) > 3.0
    assert of_turn[-1][1] < ends_s + 0.6


def spells(events: Sequence[Event]) -> list[tuple[float, float]]:
    """When the voice was on, as far as it ended."""
    began = [event.began_at for event in events if isinstance(event, SpeechStarted)]
    ended = [event.ended_at for event in events if isinstance(event, SpeechStopped)]
    return list(zip(began, ended, strict=False))
