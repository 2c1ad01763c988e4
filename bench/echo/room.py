"""A made room, 16 kHz: what the microphone hears of an open speaker, and its noise. Seeded."""

import numpy as np

from voice.audio.pcm import Samples

RATE_HZ = 16_000
ROOMS = {"small": 0.2, "living": 0.5, "hall": 1.2}
"""Seconds until it has died down by 60 dB."""
DIRECT_DB = {"small": 6.0, "living": 0.0, "hall": -6.0}
"""The direct sound against all that follows."""
NOISE_DBFS = -60.0


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


class Room:
    """Give it what leaves the speaker, in blocks of one size; get what arrives. What is ducked or
    cut at the speaker dies away as the room has it."""

    def __init__(self, response: Samples, *, gain_db: float, delay_s: float, block: int) -> None:
        self._block = block
        delayed = np.concatenate([np.zeros(round(delay_s * RATE_HZ), np.float32), response])
        count = len(delayed) + block - 1
        self._size = 1 << (count - 1).bit_length()
        self._response = np.fft.rfft(delayed * 10 ** (gain_db / 20), self._size)
        self._rest = np.zeros(self._size)
        """What is still to arrive of the blocks so far."""

    def hear(self, played: Samples) -> Samples:
        if played.any():
            spectrum = np.fft.rfft(played, self._size)
            self._rest += np.fft.irfft(spectrum * self._response, self._size)
        heard = self._rest[: self._block].astype(np.float32)
        self._rest = np.concatenate([self._rest[self._block :], np.zeros(self._block)])
        return heard


def background(count: int, seed: int) -> Samples:
    """Pink noise of a quiet room."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal(count))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(1, np.arange(len(spectrum)))), count)
    return levelled(np.asarray(noise, np.float32), NOISE_DBFS)


def levelled(samples: Samples, level_dbfs: float) -> Samples:
    """The same at this loudness in the mean."""
    rms = max(1e-6, float(np.sqrt(np.mean(np.square(samples)))))
    return np.asarray(samples * (10 ** (level_dbfs / 20) / rms), np.float32)
