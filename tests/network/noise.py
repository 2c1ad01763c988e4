"""The sound of a room in which nobody speaks: made, not recorded, the same for the same seed."""

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
MAINS_HZ = 50
HUM_DB, CLICK_DB = -6.0, 14.0
"""Against the pink noise: a fridge some steps away, and the peaks of somebody's keyboard."""
CLICKS_PER_S = 2.0
CLICK_S = 0.02
SAMPLES_MAX = 32_767

Samples = NDArray[np.float64]


def room_noise(seconds: float, *, level_dbfs: float, seed: int) -> bytes:
    """Pink noise of that level (RMS), the hum of the mains and clicks: 16 kHz mono s16le."""
    chance = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    level = _gain(level_dbfs)
    noise = _pink(count, chance) + _gain(HUM_DB) * _hum(count)
    noise += _gain(CLICK_DB) * _clicks(count, chance)
    clipped = np.clip(level * noise, -1.0, 1.0)
    return (clipped * SAMPLES_MAX).astype("<i2").tobytes()


def _gain(db: float) -> float:
    return float(10 ** (db / 20))


def _pink(count: int, chance: np.random.Generator) -> Samples:
    """Power falling with frequency; RMS 1."""
    spectrum = np.fft.rfft(chance.standard_normal(count))
    frequency_hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum /= np.sqrt(np.maximum(frequency_hz, 20.0))
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)))


def _hum(count: int) -> Samples:
    """The mains and four harmonics; RMS 1."""
    time_s = np.arange(count) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * MAINS_HZ * n * time_s) / n for n in range(1, 6))
    return np.asarray(tones / np.sqrt(np.mean(np.square(tones))))


def _clicks(count: int, chance: np.random.Generator) -> Samples:
    """Short bursts that die away, at random moments; peaks about 1."""
    length = round(CLICK_S * RATE_HZ)
    decay = np.exp(-np.arange(length) / (length / 6))
    clicks = np.zeros(count + length)
    for at in chance.integers(0, count, round(CLICKS_PER_S * count / RATE_HZ)):
        clicks[at : at + length] += decay * chance.uniform(-1.0, 1.0, length)
    return clicks[:count]
