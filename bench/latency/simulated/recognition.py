"""Which labelled recording is being heard, and from which sample of the stream on. Pure.

It is told which recording comes next, and finds by correlation where it begins, so that neither
gain nor clean-up nor samples that were lost before it matter.
"""

import numpy as np
from numpy.typing import NDArray

from bench.speech.clips import RATE_HZ, Clip, Word

PROBE = RATE_HZ // 10
"""Samples that are looked for."""
EVERY = RATE_HZ // 50
"""Samples between two looks."""
STEP = 4
"""The search is done at 4 kHz."""
ALIKE = 0.8
"""Correlation from which on it is the recording: the same sound has 1, cleaned up about 0.9."""
SAME_S = 0.001
LEVEL = 30.0
"""Below this RMS nothing is looked for: digital silence, and what clean-up leaves of it."""


class Recognition:
    """Positions are in seconds of the stream."""

    def __init__(self) -> None:
        self._clip: Clip | None = None
        self._reference: NDArray[np.float64] = np.zeros(0)
        self._energies: NDArray[np.float64] = np.zeros(0)
        self._heard: NDArray[np.int16] = np.zeros(0, np.int16)
        """The last of what was heard, a probe at most."""
        self._samples = 0
        self._looked_at = 0
        self._guess_s: float | None = None
        """Where the last look found its beginning; two that agree settle it."""
        self.began_s: float | None = None
        """Where the recording began, once that is known."""

    @property
    def position_s(self) -> float:
        return self._samples / RATE_HZ

    def expect(self, clip: Clip) -> None:
        self._clip, self.began_s, self._guess_s = clip, None, None
        self._reference = _coarse(clip.samples)
        summed = np.concatenate(([0.0], np.cumsum(self._reference**2)))
        self._energies = summed[PROBE // STEP :] - summed[: -(PROBE // STEP)]

    def hear(self, samples: NDArray[np.int16]) -> None:
        self._samples += len(samples)
        self._heard = np.concatenate((self._heard, samples))[-PROBE:]
        if self._clip and self.began_s is None and self._samples - self._looked_at >= EVERY:
            self._looked_at = self._samples
            self._look()

    def words(self, until_s: float) -> list[Word]:
        """Those of the recording whose middle was heard by then, at their place in the stream."""
        if self._clip is None or self.began_s is None:
            return []
        began_s = self.began_s
        placed = (Word(w.text, w.start_s + began_s, w.end_s + began_s) for w in self._clip.words)
        return [word for word in placed if word.middle_s <= until_s]

    def is_voiced(self, at_s: float) -> bool:
        if self._clip is None or self.began_s is None:
            return False
        index = round((at_s - self.began_s) * 100)
        return 0 <= index < len(self._clip.voiced) and bool(self._clip.voiced[index])

    def _look(self) -> None:
        if len(self._heard) < PROBE or _rms(self._heard) < LEVEL:
            return
        probe = _coarse(self._heard)
        products = np.correlate(self._reference, probe, "valid")
        alike = products / np.sqrt(self._energies * (probe**2).sum() + 1.0)
        best = int(np.argmax(alike))
        guess_s = (self._samples - PROBE - best * STEP) / RATE_HZ
        if alike[best] < ALIKE:
            self._guess_s = None
        elif self._guess_s is not None and abs(guess_s - self._guess_s) < SAME_S:
            self.began_s = guess_s
        else:
            self._guess_s = guess_s


def _coarse(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    whole = samples[: len(samples) // STEP * STEP].astype(np.float64)
    return np.asarray(whole.reshape(-1, STEP).mean(axis=1))


def _rms(samples: NDArray[np.int16]) -> float:
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean()))
