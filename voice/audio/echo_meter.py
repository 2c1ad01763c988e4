"""How loud the assistant comes back through the microphone, and how late: is a canceller needed?

Echo makes the microphone's sound correlate with the reference at one delay. Users and noise do so
at none, whatever they say: lags at which no echo can be show what chance does. Pure.
"""

from collections import deque
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from voice.audio.pcm import SILENCE_DBFS, Samples

RATE_HZ = 16_000
BLOCK_SAMPLES = 16_384
"""1.02 s, half of them new each time."""
LATEST_S = 0.45
NEAREST_IMPOSSIBLE_S = 0.02
"""Before the reference: an echo's own peak is narrower than this."""
BAND_HZ = (200, 6_000)
FORGET = 0.9
"""Per block: five seconds are remembered."""
BLOCKS_MIN, BLOCKS_FOR_NONE = 2, 6
"""1.5 s of reply to believe an echo, 3.5 s to believe that there is none."""
PEAK_MIN = 7.0
"""Times the rms of chance, which reaches 4.5 among 7,000 lags."""
QUIET_RMS = 1e-3
"""-60 dBFS: a block of the reply that is softer says nothing."""
AUDIBLE_DB = -35.0
"""An echo that is softer against its reply wakes no VAD."""


@dataclass(frozen=True, slots=True)
class MeasuredEcho:
    is_confident: bool = False
    """Enough was played to tell."""
    level_db: float = SILENCE_DBFS
    """Of the microphone against the reply as it was sent, while nobody else speaks; -100 where
    there is no echo."""
    delay_s: float = 0.0
    """After the reference, with the lead that it has."""

    @property
    def needs_canceller(self) -> bool:
        return self.is_confident and self.level_db > AUDIBLE_DB


class EchoMeter:
    """One microphone's. Feed it while replies play; 2 ms of work for each second."""

    def __init__(self) -> None:
        self.measured = MeasuredEcho()
        self._mic: Samples = np.zeros(0, np.float32)
        self._reference: Samples = np.zeros(0, np.float32)
        self._blocks = 0
        self._phases: NDArray[np.complex128] = np.zeros(BLOCK_SAMPLES + 1, np.complex128)
        self._levels_db: deque[float] = deque(maxlen=8)
        frequencies = np.fft.rfftfreq(2 * BLOCK_SAMPLES, 1 / RATE_HZ)
        self._band = (frequencies > BAND_HZ[0]) & (frequencies < BAND_HZ[1])

    def feed(self, mic: Samples, reference: Samples) -> MeasuredEcho:
        """Pieces of equal length, of any length, at 16 kHz; what is known after them."""
        self._mic = np.concatenate([self._mic, mic])
        self._reference = np.concatenate([self._reference, reference])
        while len(self._mic) >= BLOCK_SAMPLES:
            self._add(self._mic[:BLOCK_SAMPLES], self._reference[:BLOCK_SAMPLES])
            self._mic = self._mic[BLOCK_SAMPLES // 2 :]
            self._reference = self._reference[BLOCK_SAMPLES // 2 :]
        return self.measured

    def _add(self, mic: Samples, reference: Samples) -> None:
        sent, heard = _rms(reference), _rms(mic)
        if sent < QUIET_RMS:
            return
        self._blocks += 1
        self._levels_db.append(20 * float(np.log10(max(1e-5, heard) / sent)))
        cross = _spectrum(reference).conj() * _spectrum(mic)
        phases = np.where(self._band, cross / (np.abs(cross) + 1e-12), 0)
        self._phases = FORGET * self._phases + phases
        if self._blocks >= BLOCKS_MIN:
            self.measured = self._measure()

    def _measure(self) -> MeasuredEcho:
        correlation = np.abs(np.fft.irfft(self._phases))
        latest, nearest = round(LATEST_S * RATE_HZ), round(NEAREST_IMPOSSIBLE_S * RATE_HZ)
        chance = float(np.sqrt(np.mean(correlation[-latest:-nearest] ** 2)))
        delay = int(np.argmax(correlation[:latest]))
        if correlation[delay] <= PEAK_MIN * chance:
            return MeasuredEcho(is_confident=self._blocks >= BLOCKS_FOR_NONE)
        # Not the mean: the user's own voice is in some blocks, too.
        return MeasuredEcho(True, median(self._levels_db), delay / RATE_HZ)


def _spectrum(block: Samples) -> NDArray[np.complex128]:
    windowed = block * np.hanning(BLOCK_SAMPLES).astype(np.float32)
    return np.asarray(np.fft.rfft(windowed, 2 * BLOCK_SAMPLES), np.complex128)


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
