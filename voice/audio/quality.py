"""How good the sound of a microphone is, once a second, from the sound as it came in.

quality, 0 to 100, is the product of three shares, each 1 when nothing is wrong:
- noise: SNR / 25 dB. At 25 dB a recogniser errs no more than in a studio, at 0 it guesses;
- level: from 0 for a voice at -60 dBFS to 1 at -40; below that the 16 bits run out of steps;
- clipping: 1 at no clipped sample, 0.4 from 1 % on; the ear understands clipped speech, badly.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.audio.pcm import FULL_SCALE, SILENCE_DBFS, Samples, to_float

SECOND_FRAMES = 31
"""Of 32 ms."""
SPEAKER = 10 ** (-26 / 10)
"""Assumed until somebody has spoken: the nominal level of active speech (ITU-T P.56), as power."""
SNR_DB_MAX = 60.0
"""Digital silence between words is a noise gate's doing, not a better microphone."""
SILENCE = 10 ** (SILENCE_DBFS / 10)
"""As power."""
FULL = 1 - 2 / FULL_SCALE
"""The last step but one: some converters never reach the last."""

Powers = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Quality:
    """Of one second."""

    snr_db: float
    """What was last spoken against the last noise between words."""
    peak_dbfs: float
    rms_dbfs: float
    clipping: float
    """Share of samples at full scale, 0 to 1."""
    quality: int
    """0 to 100."""


class QualityMeter:
    """One session's microphone."""

    def __init__(self) -> None:
        self._frames: list[bytes] = []
        self._spoken: list[bool] = []
        self._speech: Powers = np.empty(0)
        self._noise: Powers = np.empty(0)
        """Of each frame of the last second of speech, and of the last second between words."""

    def feed(self, frame: bytes, *, is_speech: bool) -> Quality | None:
        """The quality of the second that this frame completes. Frames are equally long."""
        self._frames.append(frame)
        self._spoken.append(is_speech)
        if len(self._frames) < SECOND_FRAMES:
            return None
        samples = to_float(b"".join(self._frames)).reshape(SECOND_FRAMES, -1)
        powers, is_spoken = np.mean(np.square(samples), axis=1), np.array(self._spoken)
        self._frames, self._spoken = [], []
        self._speech = np.append(self._speech, powers[is_spoken])[-SECOND_FRAMES:]
        self._noise = np.append(self._noise, powers[~is_spoken])[-SECOND_FRAMES:]
        return self._measure(np.abs(samples), float(powers.mean()))

    def _measure(self, amplitudes: Samples, power: float) -> Quality:
        # The median, since the first frames of a word come before anybody knows that it is one.
        noise = max(SILENCE, float(np.median(self._noise))) if self._noise.size else SILENCE
        speech = float(self._speech.mean()) - noise if self._speech.size else SPEAKER
        snr_db = min(SNR_DB_MAX, max(0.0, _db(speech / noise)))
        clipping = float(np.mean(amplitudes >= FULL))
        return Quality(
            snr_db=snr_db,
            peak_dbfs=_db(float(amplitudes.max()) ** 2),
            rms_dbfs=_db(power),
            clipping=clipping,
            quality=quality(snr_db, _db(speech), clipping),
        )


def quality(snr_db: float, speech_dbfs: float, clipping: float) -> int:
    """0 to 100, as the module says."""
    noise = np.clip(snr_db / 25, 0, 1)
    level = np.clip((speech_dbfs + 60) / 20, 0, 1)
    distortion = 1 - 0.6 * np.clip(clipping / 0.01, 0, 1)
    return round(float(100 * noise * level * distortion))


def _db(power: float) -> float:
    return 10 * math.log10(max(SILENCE, power))
