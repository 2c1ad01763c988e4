"""An open speaker in a room: what the microphone hears of replies, and of somebody who talks over
them. Made, seeded, 16 kHz; the echo can be ducked and cut while it sounds."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import soxr

from tests.simulators.espeak import accent
from tests.voice.text.replies import REPLIES
from voice.audio.pcm import Samples, to_float

RATE_HZ, REPLY_HZ = 16_000, 24_000
ROOMS = {"small": 0.2, "living": 0.5, "hall": 1.2}
"""Seconds until it has died down by 60 dB."""
DIRECT_DB = {"small": 6.0, "living": 0.0, "hall": -6.0}
"""The direct sound against all that follows."""
REPLY_DBFS = -20.0
NOISE_DBFS = -60.0
VOICES = ("cartesia", "openai", "deepgram", "elevenlabs", "local")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A reply as it is sent, 24 kHz, and when each of its words begins."""

    samples: Samples
    words: tuple[tuple[str, float], ...]

    @property
    def duration_s(self) -> float:
        return len(self.samples) / REPLY_HZ


@cache
def spoken(index: int) -> Spoken:
    """English replies, in several voices."""
    text = REPLIES["en"][index % len(REPLIES["en"])]
    pcm, words = accent(VOICES[index % len(VOICES)])(text, REPLY_HZ)
    samples = to_float(pcm)
    return Spoken(samples * _gain(samples, REPLY_DBFS), tuple(words))


def impulse_response(room: str, seed: int) -> Samples:
    """Direct sound, six early reflections, and noise that dies away; of energy 1."""
    random = np.random.default_rng(seed)
    rt60_s = ROOMS[room]
    count = round(rt60_s * RATE_HZ)
    tail = random.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    tail[: round(0.02 * RATE_HZ)] *= 0.2
    for at in random.integers(round(0.003 * RATE_HZ), round(0.04 * RATE_HZ), 6):
        tail[at] += random.choice((-1, 1)) * random.uniform(2, 6) * np.exp(-at / RATE_HZ / 0.03)
    tail[0] = 0
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] = 10 ** (DIRECT_DB[room] / 20)
    return np.asarray(tail / np.sqrt(np.sum(tail**2)), np.float32)


class Playing:
    """A reply on a client's speaker: when which of its samples is heard, and what the microphone
    gets of it. It begins at `begins_s` on the microphone's clock, and plays at a clock that is
    `drift` faster. At `jump_at_s` after that it loses (`jump_s` > 0) or skips this much."""

    def __init__(
        self, reply: Spoken, begins_s: float, *, drift: float, jump_at_s: float, jump_s: float
    ) -> None:
        self.reply, self.begins_s = reply, begins_s
        self._drift, self._jump_at_s, self._jump_s = drift, jump_at_s, jump_s
        self.ends_s = begins_s + reply.duration_s / (1 + drift) + jump_s
        self.stopped_s = float("inf")

    def position_s(self, at_s: float) -> float:
        return float(self._positions(np.array([at_s - self.begins_s]))[0])

    def heard_at_s(self, position_s: float) -> float:
        at_s = position_s / (1 + self._drift)
        late = at_s > self._jump_at_s
        return self.begins_s + at_s + (self._jump_s if late else 0)

    def played(self) -> Samples:
        """What leaves the speaker from `begins_s` on, at 16 kHz."""
        sound = soxr.resample(self.reply.samples, REPLY_HZ, RATE_HZ)
        times = np.arange(round((self.ends_s - self.begins_s) * RATE_HZ)) / RATE_HZ
        positions = self._positions(times) * RATE_HZ
        if self._jump_s > 0:
            positions[(times > self._jump_at_s) & (times < self._jump_at_s + self._jump_s)] = -1
        return np.asarray(
            np.interp(positions, np.arange(len(sound)), sound, left=0, right=0), np.float32
        )

    def _positions(
        self, times: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    ) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        late = times > self._jump_at_s
        return (times - np.where(late, self._jump_s, 0)) * (1 + self._drift)


class Echo:
    """What the microphone gets of one playing, loudness and delay included."""

    def __init__(
        self, playing: Playing, response: Samples, *, gain_db: float, delay_s: float, rt60_s: float
    ) -> None:
        played = playing.played()
        count = len(played) + len(response) - 1
        size = 1 << (count - 1).bit_length()
        echo = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(response, size), size)[:count]
        self._samples = np.asarray(echo * 10 ** (gain_db / 20), np.float32)
        self._begin = round((playing.begins_s + delay_s) * RATE_HZ)
        self._fall = 10 ** (-3 / (rt60_s * RATE_HZ))
        """Per sample, when the speaker falls silent and the room goes on."""
        self._gain = 1.0
        self.target = 1.0

    def take(self, first: int, count: int) -> Samples:
        """Samples of the microphone's stream. In order, since ducking takes its time."""
        gains = self._gains(count)
        heard = np.zeros(count, np.float32)
        begin, end = max(first, self._begin), min(first + count, self._begin + len(self._samples))
        if end > begin:
            heard[begin - first : end - first] = self._samples[
                begin - self._begin : end - self._begin
            ]
        return heard * gains

    def _gains(self, count: int) -> Samples:
        if self._gain <= self.target:
            self._gain = self.target
            return np.full(count, self._gain, np.float32)
        gains = np.maximum(self.target, self._gain * self._fall ** np.arange(1, count + 1))
        self._gain = float(gains[-1])
        return np.asarray(gains, np.float32)


def background(count: int, seed: int) -> Samples:
    """Pink noise of a quiet room."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count)
    return np.asarray(noise * _gain(noise, NOISE_DBFS), np.float32)


def _gain(
    samples: "Samples | np.ndarray[tuple[int], np.dtype[np.float64]]", level_dbfs: float
) -> float:
    return float(10 ** (level_dbfs / 20) / np.sqrt(np.mean(np.square(samples))))
