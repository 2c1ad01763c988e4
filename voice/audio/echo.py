"""Whether a voice in the microphone is the assistant's own, come back from an open speaker.

How the room passes the reply's energy on is learned band by band, as it sounds. What the
microphone has beyond that is somebody's. Pure; works on raw sound, whether it is cancelled or not.
"""

from functools import cache
from math import log1p

import numpy as np
from numpy.typing import NDArray

from voice.audio.pcm import Samples

FRAME_SAMPLES = 512
"""32 ms at 16 kHz, as VAD's."""
RATE_HZ = 16_000
BANDS = 18
LAGS = 18
"""Frames after which an echo has died away (576 ms): 0.25 s of way, and a hall's first third."""
EARLY_LAGS = 1
"""An echo may come this much earlier than it used to: playing may skip, and positions are
reported four times a second."""
FORGET = 0.985
"""Per frame: two seconds are remembered."""
SUSPECTED_GAIN = 0.3
"""Of an echo before any was heard, -5 dB. A reply that is not heard by the microphone lowers it
within half a second; meanwhile a voice that rises with the reply's is taken for its echo."""
SUSPECTED_FRAMES = 0.1
"""How many frames as loud as the loudest that outweighs."""
GROWTH_MAX, GROWTH_OVER_VOICE_MAX = 4.0, 1.2
"""By how much more than expected the microphone may have in a frame for it to be learned from:
the second while somebody is heard, so that a louder speaker is learned in the end, but not he."""
SMOOTHING = 0.3
"""Per frame: levels are compared over some 100 ms."""
EXCESS_DB = 0.0
"""Mean over the bands, each within the limits below. In made rooms (bench/echo) three of ten
echoes of replies have a moment that seems to hold a voice, and no voice as loud as the echo is
missed; at 0.5 it is one of ten, and one voice in thirty."""
VOICE_DB = 1.0
"""From here on it is not learned from as echo is."""
EXCESS_MIN_DB, EXCESS_MAX_DB = -6.0, 12.0
NOISE_MARGIN = 2.5
NOISE_RISE = 1.004
"""Per frame: 0.5 dB a second, so that talking is not taken for noise."""
SILENCE = 1e-3
"""Energy of a frame, windowed, that no speaker makes audible: about -80 dBFS."""

Levels = NDArray[np.float64]
"""Energy per band; with one more axis in front, per lag."""


class EchoGuard:
    """Feed it while a reply can be heard, and 0.6 s longer. About 0.1 ms a frame of 32 ms."""

    def __init__(self) -> None:
        self.excess_db = EXCESS_MIN_DB
        """By how much the last 100 ms exceed what can be echo, over all bands."""
        self._path = _Path()
        self._mic, self._reference = _Bands(), _Bands()
        self._heard: Levels = np.zeros(BANDS)
        self._expected: Levels = np.zeros(BANDS)
        self._noise: Levels | None = None

    @property
    def is_echo(self) -> bool:
        """A voice that VAD hears now is the assistant's. Never where the reference is silent."""
        return self._path.is_active and self.excess_db < EXCESS_DB

    def feed(self, mic: Samples, reference: Samples, *, learns: bool = True) -> None:
        """A frame of 512 samples of each, at 16 kHz; the reference not later than its echo.

        learns: not while the speaker's loudness is uncertain.
        """
        heard = self._mic.levels(mic)
        self._path.feed(self._reference.levels(reference))
        noise = self._noise_under(heard)
        self._heard += SMOOTHING * (heard - self._heard)
        self._expected += SMOOTHING * (self._path.expected_at_most() - self._expected)
        ratio = (self._heard + 1e-9) / (self._expected + NOISE_MARGIN * noise + 1e-7)
        excess_db = np.clip(10 * np.log10(ratio), EXCESS_MIN_DB, EXCESS_MAX_DB)
        self.excess_db = float(excess_db.mean())
        is_voice = self.excess_db > VOICE_DB
        growth = GROWTH_OVER_VOICE_MAX if is_voice else GROWTH_MAX
        if learns:
            self._path.learn(np.maximum(heard - noise, 0), growth)

    def _noise_under(self, heard: Levels) -> Levels:
        if self._noise is None:
            self._noise = heard
        falling = 0.7 * self._noise + 0.3 * heard
        self._noise = np.where(heard < self._noise, falling, self._noise * NOISE_RISE)
        return self._noise


class _Path:
    """How much of the reference's energy in a band comes back how many frames later.

    Online expectation-maximisation: what was heard is shared out among the lags as expected, and
    each lag's gain is its share of the energy that could have caused it.
    """

    def __init__(self) -> None:
        self._past: Levels = np.zeros((LAGS, BANDS))
        self._gains: Levels = np.full((LAGS, BANDS), SUSPECTED_GAIN / LAGS)
        self._received: Levels = np.zeros((LAGS, BANDS))
        self._sent: Levels = np.zeros((LAGS, BANDS))
        self._loudest: Levels = np.zeros(BANDS)
        self._suspicion = SUSPECTED_FRAMES

    @property
    def is_active(self) -> bool:
        return bool(self._past.sum() > SILENCE)

    def feed(self, sent: Levels) -> None:
        self._past = np.concatenate([sent[None], self._past[:-1]])
        self._loudest = np.maximum(self._loudest, sent)

    def expected_at_most(self) -> Levels:
        gains = self._gains.copy()
        for early in range(1, EARLY_LAGS + 1):
            gains[:-early] = np.maximum(gains[:-early], self._gains[early:])
        return np.asarray((gains * self._past).sum(0))

    def learn(self, heard: Levels, growth_max: float) -> None:
        if not self.is_active:
            return
        shares = self._gains * self._past
        growth = np.minimum(heard / (shares.sum(0) + 1e-9), growth_max)
        self._received = FORGET * self._received + shares * growth
        self._sent = FORGET * self._sent + self._past
        self._suspicion *= FORGET
        suspected = self._suspicion * self._loudest + 1e-9
        received = self._received + suspected * SUSPECTED_GAIN / LAGS
        self._gains = received / (self._sent + suspected)


class _Bands:
    """A stream's energy in bands as wide as the ear's, over 64 ms of it each 32 ms."""

    def __init__(self) -> None:
        self._before: Samples = np.zeros(FRAME_SAMPLES, np.float32)

    def levels(self, frame: Samples) -> Levels:
        spectrum = np.fft.rfft(np.concatenate([self._before, frame]) * _window())
        self._before = frame
        return np.asarray((spectrum.real**2 + spectrum.imag**2) @ _filters(), np.float64)


@cache
def _window() -> Samples:
    return np.hanning(2 * FRAME_SAMPLES).astype(np.float32)


@cache
def _filters() -> Samples:
    """Triangles from 150 to 6,500 Hz, evenly spaced in mel: [frequencies, bands]."""
    mels = 1127 * np.log1p(np.fft.rfftfreq(2 * FRAME_SAMPLES, 1 / RATE_HZ) / 700)
    lowest, highest = (1127 * log1p(frequency_hz / 700) for frequency_hz in (150, 6_500))
    edges = np.linspace(lowest, highest, BANDS + 2)
    nearness = 1 - np.abs(mels[:, None] - edges[1:-1]) / (edges[1] - edges[0])
    return np.asarray(np.maximum(0, nearness), np.float32)
