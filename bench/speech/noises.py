"""Short sounds that are no speech, made from a seed: coughs, throats, keys, doors, breath.

No recordings of such sounds come with the project; these have the envelopes and spectra of the real
ones as the literature gives them, and a cough's voiced end, which is what fools a VAD.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.speech.spoken import RATE_HZ, Random, Sound

Signal = NDArray[Any]


def band(random: Random, count: int, low_hz: float, high_hz: float) -> Sound:
    """Noise between two frequencies, at a peak of 1."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / RATE_HZ)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    return _unit(np.fft.irfft(spectrum, count))


def cough(random: Random) -> Sound:
    """One to three bursts: 30 to 50 ms of explosion, noise that dies away, often a voiced end."""
    pieces: list[Signal] = []
    for _ in range(random.integers(1, 4)):
        pieces += [_one_cough(random), np.zeros(int(random.uniform(0.1, 0.3) * RATE_HZ))]
    return _unit(np.concatenate(pieces[:-1]))


def _one_cough(random: Random) -> Sound:
    burst = band(random, int(random.uniform(0.03, 0.05) * RATE_HZ), 300, 6000)
    middle: Signal = band(random, int(random.uniform(0.1, 0.22) * RATE_HZ), 400, 4000)
    middle = middle * np.geomspace(0.6, 0.08, len(middle))
    end = _buzz(random, random.uniform(0.06, 0.16), random.uniform(100, 260)) * 0.4
    return np.concatenate((burst, middle, end if random.random() < 0.6 else end[:0]))


def throat(random: Random) -> Sound:
    """A throat that is cleared: a rough voice, low and pressed."""
    length_s = random.uniform(0.25, 0.5)
    rough = _buzz(random, length_s, random.uniform(60, 110), jitter=0.25)
    return _unit(rough + 0.5 * band(random, len(rough), 200, 3000) * _arch(len(rough)))


def keys(random: Random) -> Sound:
    """Four to ten keys of a keyboard."""
    pieces: list[Signal] = []
    for _ in range(random.integers(4, 11)):
        click = band(random, int(0.012 * RATE_HZ), 1500, 7500)
        gap = np.zeros(int(random.uniform(0.06, 0.25) * RATE_HZ))
        pieces += [click * np.geomspace(1, 0.05, len(click)) * random.uniform(0.3, 1), gap]
    return _unit(np.concatenate(pieces))


def door(random: Random) -> Sound:
    """A door that falls shut, or a cup put down: a thump and what it sets ringing."""
    count = int(random.uniform(0.25, 0.6) * RATE_HZ)
    time = np.arange(count) / RATE_HZ
    ring = sum(
        np.sin(2 * np.pi * hz * time) * np.exp(-time * random.uniform(8, 30))
        for hz in random.uniform(60, 900, 5)
    )
    thump = band(random, count, 40, 2500) * np.exp(-time * 25)
    return _unit(ring / 5 + thump)


def breath(random: Random) -> Sound:
    """Air against the microphone."""
    noise = band(random, int(random.uniform(0.4, 1.2) * RATE_HZ), 200, 3500)
    return _unit(noise * _arch(len(noise))) * 0.5


def _buzz(random: Random, length_s: float, pitch_hz: float, jitter: float = 0.05) -> Sound:
    """Pulses at a pitch through two formants: what makes a noise sound voiced."""
    count = int(length_s * RATE_HZ)
    pulses = np.zeros(count)
    at = 0.0
    while at < count:
        pulses[int(at)] = 1
        at += RATE_HZ / pitch_hz * random.uniform(1 - jitter, 1 + jitter)
    time = np.arange(int(0.02 * RATE_HZ)) / RATE_HZ
    first_hz, second_hz = random.uniform(400, 750), random.uniform(1000, 1800)
    voice = np.sin(2 * np.pi * first_hz * time) + np.sin(2 * np.pi * second_hz * time)
    formants = voice * np.exp(-time * 300)
    return _unit(np.convolve(pulses, formants)[:count] * _arch(count))


def _arch(count: int) -> Sound:
    return np.sin(np.linspace(0, np.pi, count)).astype(np.float32)


def _unit(sound: Signal) -> Sound:
    return (sound / (float(np.abs(sound).max()) or 1.0)).astype(np.float32)


NOISES = {"cough": cough, "throat": throat, "keys": keys, "door": door, "breath": breath}
