"""What is heard behind a speaker: fan, street, room and babble, made from a seed.

At 16 kHz, at an RMS of 1 until `at_level` sets it. No recording of a noise comes with the
project, so these are made to be as unpleasant as the real ones: a street has bursts and horns.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.audio.pcm import Samples

RATE_HZ = 16_000
Signal = NDArray[np.float64]
Random = np.random.Generator

TALKERS = 6
"""In a babble: few enough that single words stand out of it now and then."""


def at_level(signal: Signal, level_dbfs: float) -> Samples:
    """The same with this RMS; peaks above full scale stay, for the PCM to clip."""
    rms = float(np.sqrt(np.mean(np.square(signal))))
    return np.asarray(signal / rms * 10 ** (level_dbfs / 20), np.float32)


def coloured(random: Random, count: int, fall: float) -> Signal:
    """Noise whose spectrum falls by 6 dB an octave times `fall`, from 20 Hz on."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    return _unit(np.fft.irfft(spectrum / np.maximum(hz, 20.0) ** fall, count))


def fan(random: Random, count: int) -> Signal:
    """Air (pink to brown), mains hum with overtones, and blades that beat."""
    time = np.arange(count) / RATE_HZ
    mains_hz = random.choice([50.0, 60.0])
    hum = sum(
        np.sin(2 * np.pi * mains_hz * n * time + random.uniform(0, 6)) / n for n in range(1, 8)
    )
    blades = 1 + 0.3 * np.sin(2 * np.pi * random.uniform(6, 25) * time)
    air = coloured(random, count, random.uniform(0.5, 1.0))
    return _unit(air * blades + random.uniform(0.2, 0.8) * _unit(np.asarray(hum)))


def street(random: Random, count: int) -> Signal:
    """Traffic that comes and goes, bangs, and horns."""
    traffic = coloured(random, count, random.uniform(0.5, 0.9)) * _swell(random, count)
    for _ in range(_events(random, count, every_s=4.0)):
        _add(traffic, random, _bang(random), random.uniform(1, 4))
    for _ in range(_events(random, count, every_s=8.0)):
        _add(traffic, random, _horn(random), random.uniform(0.7, 2))
    return _unit(traffic)


def room(random: Random, count: int) -> Signal:
    """A quiet one: air, and the clicks of a keyboard and a mouse."""
    air = coloured(random, count, 0.5)
    for _ in range(_events(random, count, every_s=0.5)):
        _add(air, random, _click(random), random.uniform(2, 12))
    return _unit(air)


def babble(random: Random, count: int, voices: Sequence[Samples]) -> Signal:
    """Some people who talk at once, each without an end."""
    talkers = random.choice(len(voices), min(TALKERS, len(voices)), replace=False)
    mixed = np.zeros(count)
    for talker in talkers:
        said = _unit(np.asarray(voices[talker], np.float64))
        mixed += np.resize(np.roll(said, random.integers(said.size)), count)
    return _unit(mixed)


def _unit(signal: Signal) -> Signal:
    return np.asarray(signal / np.sqrt(np.mean(np.square(signal))))


def _events(random: Random, count: int, *, every_s: float) -> int:
    return max(1, int(random.poisson(count / RATE_HZ / every_s)))


def _add(signal: Signal, random: Random, event: Signal, gain: float) -> None:
    """Somewhere in the signal."""
    event = event[: signal.size]
    start = int(random.integers(signal.size - event.size + 1))
    signal[start : start + event.size] += gain * event


def _swell(random: Random, count: int) -> Signal:
    """Cars that pass: 0.3 to 1.7, over seconds."""
    knots = random.uniform(0.3, 1.7, count // (2 * RATE_HZ) + 2)
    return np.interp(np.arange(count), np.arange(knots.size) * 2 * RATE_HZ, knots)


def _bang(random: Random) -> Signal:
    """A door, a lorry in a pothole: 50 to 300 ms."""
    count = int(RATE_HZ * random.uniform(0.05, 0.3))
    return coloured(random, count, 0.5) * np.exp(-np.arange(count) / count * 4)


def _horn(random: Random) -> Signal:
    """Two tones with overtones, 0.2 to 1 s."""
    time = np.arange(int(RATE_HZ * random.uniform(0.2, 1.0))) / RATE_HZ
    low_hz = random.uniform(330, 480)
    tones = (
        np.sin(2 * np.pi * hz * n * time) / n for hz in (low_hz, 1.26 * low_hz) for n in range(1, 8)
    )
    return _unit(np.asarray(sum(tones)))


def _click(random: Random) -> Signal:
    count = int(RATE_HZ * random.uniform(0.005, 0.02))
    return random.standard_normal(count) * np.exp(-np.arange(count) / count * 5)
