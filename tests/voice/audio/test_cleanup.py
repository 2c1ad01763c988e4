import random
import subprocess
import sys

import numpy as np
import pytest

from tests.voice.audio.recordings import RATE_HZ, noise, recordings
from voice.audio.apm import DELAY_SAMPLES, FRAME_BYTES
from voice.audio.cleanup import Cleanup
from voice.audio.pcm import from_float, rms_dbfs, silence, to_float


def cleaned(pcm: bytes, chunk: int = 640) -> bytes:
    cleanup = Cleanup()
    return b"".join(cleanup.process(pcm[at : at + chunk]) for at in range(0, len(pcm), chunk))


def cut(pcm: bytes, seed: int) -> list[bytes]:
    """In chunks of 0 to 2,000 samples."""
    chance, chunks = random.Random(seed), []
    while pcm:
        size = 2 * chance.choice([0, 1, 7, 160, 320, 441, 512, 2000])
        chunks.append(pcm[:size])
        pcm = pcm[size:]
    return chunks


def run(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_but_what_waits_for_its_10_ms(seed):
    cleanup, taken, given = Cleanup(), 0, 0

    for chunk in cut(recordings()[0].pcm, seed):
        taken, given = taken + len(chunk), given + len(cleanup.process(chunk))
        assert 0 <= taken - given < FRAME_BYTES


@pytest.mark.parametrize("seed", range(5))
def test_how_the_sound_is_cut_makes_no_difference(seed):
    pcm, cleanup = recordings()[3].pcm, Cleanup()

    in_pieces = b"".join(cleanup.process(chunk) for chunk in cut(pcm, seed))

    assert in_pieces == cleaned(pcm, chunk=FRAME_BYTES)


def lag(before: bytes, after: bytes) -> int:
    """By how many samples `after` lies behind."""
    x, y = to_float(before), to_float(after)
    return int(np.argmax([np.dot(x[: x.size - d], y[d : x.size]) for d in range(400)]))


def test_the_delay_is_still_the_same_after_ten_minutes():
    cleanup, spoken = Cleanup(), recordings()[1].pcm
    spoken = spoken[: len(spoken) // FRAME_BYTES * FRAME_BYTES]
    second = silence(1, RATE_HZ)

    first = cleanup.process(spoken)
    meanwhile = sum(len(cleanup.process(second)) for _ in range(600))
    last = cleanup.process(spoken)

    assert meanwhile == 600 * len(second)
    assert lag(spoken, first) == pytest.approx(DELAY_SAMPLES, abs=3)
    assert lag(spoken, last) == pytest.approx(DELAY_SAMPLES, abs=3)


def test_silence_stays_silence():
    assert cleaned(silence(3, RATE_HZ)) == silence(3, RATE_HZ)


@pytest.mark.parametrize("colour", ["white", "pink", "brown", "hum"])
def test_a_steady_noise_falls_by_10_db_and_more(colour):
    pcm = from_float(noise(colour, -40, 6))

    assert rms_dbfs(cleaned(pcm)[-2 * RATE_HZ :]) < rms_dbfs(pcm) - 10


def above_100_hz(pcm: bytes) -> float:
    """Level in dBFS without the rumble that the high-pass takes."""
    spectrum = np.fft.rfft(to_float(pcm))
    spectrum[: int(100 * len(pcm) / 2 / RATE_HZ)] = 0
    return rms_dbfs(from_float(np.fft.irfft(spectrum).astype(np.float32)))


def test_a_voice_keeps_its_level():
    room = from_float(noise("pink", -65, 1.0))
    for recording in recordings():
        voice = slice(round(recording.start_s * RATE_HZ) * 2, round(recording.end_s * RATE_HZ) * 2)
        clean = cleaned(room + recording.pcm)[len(room) :]

        came = above_100_hz(recording.pcm[voice])
        assert above_100_hz(clean[voice]) == pytest.approx(came, abs=1.5), recording.name


def echo(far: bytes) -> bytes:
    """10 dB softer, 5 ms later."""
    late = np.concatenate((np.zeros(80, np.float32), to_float(far)[:-80]))
    return from_float(late * np.float32(0.3))


def test_the_speakers_sound_is_taken_out_once_that_is_asked_for():
    far = b"".join(recording.pcm for recording in recordings()[:4])
    near, cleanup = echo(far), Cleanup()
    before = cleanup.process(near, far)

    cleanup.cancel_echo()
    after = b"".join(
        cleanup.process(near[at : at + 640], far[at : at + 640]) for at in range(0, len(near), 640)
    )

    half = len(after) // 2
    assert rms_dbfs(before[half:]) > rms_dbfs(near[half:]) - 3
    assert rms_dbfs(after[half:]) < rms_dbfs(near[half:]) - 25


def test_a_voice_without_an_echo_outlives_the_echo_canceller():
    cleanup, pcm = Cleanup(), recordings()[0].pcm
    cleanup.cancel_echo()

    assert rms_dbfs(cleanup.process(pcm)) == pytest.approx(rms_dbfs(pcm), abs=2)


@pytest.mark.parametrize("seed", range(3))
def test_with_an_echo_how_the_sound_is_cut_makes_no_difference_either(seed):
    far = recordings()[5].pcm
    near = echo(far)
    whole, pieces, at, got = Cleanup(), Cleanup(), 0, b""
    whole.process(near[:100])
    pieces.process(near[:100])
    whole.cancel_echo()  # in the middle of a frame
    pieces.cancel_echo()

    for chunk in cut(near[100:], seed):
        got += pieces.process(chunk, far[100 + at : 100 + at + len(chunk)])
        at += len(chunk)

    assert got == whole.process(near[100:], far[100:])


def test_what_is_too_little_waits_and_comes_out_the_same():
    pcm, cleanup = recordings()[3].pcm, Cleanup()

    pieces = [cleanup.process(chunk, at_least=512) for chunk in cut(pcm, seed=1)]

    assert all(not piece or len(piece) >= 2 * 512 for piece in pieces)
    assert b"".join(pieces) == cleaned(pcm)[: len(b"".join(pieces))]
    assert len(pcm) - len(b"".join(pieces)) < 2 * (512 + 160)


@pytest.mark.parametrize(("near", "far"), [(b"\0" * 3, None), (bytes(4), bytes(2))])
def test_half_a_sample_and_another_length_are_refused(near, far):
    with pytest.raises(ValueError, match="do not fit"):
        Cleanup().process(near, far)


def test_without_the_wheel_the_sound_goes_through_and_the_log_says_so_once():
    done = run(
        "import sys; sys.modules['livekit'] = None\n"
        "from voice.audio.cleanup import Cleanup\n"
        "for cleanup in (Cleanup(), Cleanup()):\n"
        "    cleanup.cancel_echo()\n"
        "    assert not cleanup.is_on\n"
        "    assert cleanup.process(b'ab' * 200) == b'ab' * 160\n"
        "    assert cleanup.process(b'cd' * 120) == b'ab' * 40 + b'cd' * 120"
    )

    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count("cleanup.unavailable") == 1


def test_when_the_library_fails_the_sound_goes_through_and_the_log_says_so_once():
    done = run(
        # A module that is gone takes no sound.
        "from voice.audio.cleanup import Cleanup\n"
        "from voice.audio.native import library\n"
        "cleanup = Cleanup()\n"
        "assert cleanup.is_on and cleanup.process(b'ab' * 160) != b'ab' * 160\n"
        "assert any([library().drop(handle) for handle in range(100)])\n"
        "assert all(cleanup.process(b'ab' * 160) == b'ab' * 160 for _ in range(3))\n"
        "cleanup.cancel_echo()\n"
        "assert cleanup.process(b'ab' * 160) == b'ab' * 160\n"
        "assert not cleanup.is_on\n"
    )

    assert done.returncode == 0, done.stderr
    assert (done.stdout + done.stderr).count("cleanup.failed") == 1


def test_a_library_that_fails_from_the_start_is_the_same():
    done = run(
        "import os\n"
        "from voice.audio.cleanup import Cleanup\n"
        "Cleanup()\n"
        "if child := os.fork():\n"
        "    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "cleanup = Cleanup()\n"
        "same = cleanup.process(b'ab' * 160) == b'ab' * 160\n"
        "print(same, flush=True)\n"
        "os._exit(0 if same and not cleanup.is_on else 1)"
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert (done.stdout + done.stderr).count("cleanup.failed") == 1


def test_the_library_is_loaded_when_it_is_needed_and_prints_nothing():
    done = run(
        "import sys, logging; logging.basicConfig(level=0)\n"
        "from voice.audio.cleanup import Cleanup\n"
        "assert 'livekit' not in sys.modules\n"
        "cleanup = Cleanup(); cleanup.cancel_echo(); cleanup.process(bytes(640))\n"
        "assert 'livekit' in sys.modules\n"
        # Its own client logs on a thread that aborts a process which is ending.
        "from livekit.rtc._ffi_client import FfiClient\n"
        "assert FfiClient._instance is None"
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
