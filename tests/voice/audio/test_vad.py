import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.voice.audio.recordings import RATE_HZ, Recording, noise, recordings
from voice.audio.framing import Reframer
from voice.audio.gate import Offset, Onset, SpeechGate
from voice.audio.pcm import from_float, silence
from voice.audio.vad import FRAME_SAMPLES, VadStream, VoiceDetector, VoiceDetectorClosed

FRAME = silence(FRAME_SAMPLES / RATE_HZ, RATE_HZ)


@pytest.fixture
def detector() -> Iterator[VoiceDetector]:
    detector = VoiceDetector(batch_every_s=0)
    yield detector
    detector.close()


async def events(stream: VadStream, pcm: bytes) -> list[Onset | Offset]:
    gate, found = SpeechGate(), []
    for index, frame in enumerate(Reframer(FRAME_SAMPLES).feed(pcm)):
        event = gate.feed(await stream.probability(frame), index * FRAME_SAMPLES)
        found += [event] if event else []
    return found


async def test_speech_is_found_where_it_is_in_twenty_sessions_at_once(detector):
    async def error_s(recording: Recording) -> tuple[float, float]:
        heard = await events(detector.open(), recording.pcm + silence(0.5, RATE_HZ))
        began, ended = heard[0].sample / RATE_HZ, heard[-1].sample / RATE_HZ
        return abs(began - recording.start_s), abs(ended - recording.end_s)

    errors = await asyncio.gather(*map(error_s, recordings()))

    assert max(onset for onset, _ in errors) < 0.1
    assert max(offset for _, offset in errors) < 0.1


@pytest.mark.parametrize("colour", ["white", "pink", "brown", "hum", "clicks"])
async def test_a_minute_of_room_noise_is_no_speech(detector, colour):
    rooms = [from_float(noise(colour, level_dbfs, 60)) for level_dbfs in (-60, -45, -30)]

    heard = await asyncio.gather(*(events(detector.open(), room) for room in rooms))

    assert heard == [[], [], []]


async def test_a_stream_hears_the_same_alone_and_in_a_batch(detector):
    frames = Reframer(FRAME_SAMPLES).feed(recordings()[1].pcm)
    others = Reframer(FRAME_SAMPLES).feed(recordings()[6].pcm)

    async def probabilities(frames: list[bytes]) -> list[float]:
        stream = detector.open()
        return [await stream.probability(frame) for frame in frames]

    alone = await probabilities(frames)
    together, *_ = await asyncio.gather(probabilities(frames), probabilities(others))

    assert together == pytest.approx(alone, abs=1e-4)


async def test_a_closed_stream_says_so_and_leaves_the_others_alone(detector):
    closed, other = detector.open(), detector.open()
    waiting = asyncio.create_task(closed.probability(FRAME))
    await asyncio.sleep(0)

    closed.close()

    with pytest.raises(VoiceDetectorClosed, match="stream"):
        await waiting
    with pytest.raises(VoiceDetectorClosed, match="stream"):
        await closed.probability(FRAME)
    assert await other.probability(FRAME) < 0.5


async def test_closing_the_detector_answers_those_who_wait():
    detector = VoiceDetector()
    stream = detector.open()
    waiting = asyncio.create_task(stream.probability(FRAME))
    await asyncio.sleep(0)

    detector.close()

    with pytest.raises(VoiceDetectorClosed, match="detector"):
        await waiting
    with pytest.raises(VoiceDetectorClosed, match="detector"):
        await stream.probability(FRAME)
    with pytest.raises(VoiceDetectorClosed, match="detector"):
        detector.open()


async def test_a_cancelled_question_does_not_block_the_next(detector):
    stream = detector.open()
    for _ in range(20):
        waiting = asyncio.create_task(stream.probability(FRAME))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    assert await stream.probability(FRAME) < 0.5


async def test_two_questions_at_once_on_one_stream_are_a_mistake(detector):
    stream = detector.open()
    first = asyncio.create_task(stream.probability(FRAME))
    await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="one frame at a time"):
        await stream.probability(FRAME)

    assert await first < 0.5


async def test_a_frame_of_another_size_is_refused(detector):
    with pytest.raises(ValueError, match="1024 bytes, not 640"):
        await detector.open().probability(bytes(640))


def test_one_detector_serves_several_event_loops_one_after_another(detector):
    stream = detector.open()

    assert [asyncio.run(stream.probability(FRAME)) < 0.5 for _ in range(3)] == [True] * 3


def test_nothing_here_imports_torch():
    load = "from voice.audio import vad; vad.load_model()"
    program = f"import sys; {load}; sys.exit('torch' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
