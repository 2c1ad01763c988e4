"""Voices in the background: a café, a party, an open office.

VAD cannot tell them from the user: they are speech. But many voices at once are even, where one
voice swings by 20 to 40 dB between syllables and gaps. Where the room sounds like that, only what
rises above it is the user's.
"""

import math
from collections import deque

import numpy as np

WINDOW_FRAMES = 125
"""4 s."""
SWING_DB = 15.0
"""Between the 5th and the 90th percentile of the levels after clean-up. Six voices swing by 12 to
17 dB, half of the time by less than this. One voice that reads for 20 s swings by 16 dB at least in
noise 5 dB below it, and by 15 in a church (1 s of reverberation): not one of 370 readings was taken
for a crowd, where 15.5 dB took 4."""
VOICED = 0.35
"""The probability above which a frame may be speech: the gate's own threshold to go on."""
VOICED_SHARE = 0.8
"""Of the frames of a window. A crowd 20 dB below a speaker is at times too soft to be speech."""
RISE_DB, STAY_DB = 3.5, -8.0
"""How far above the crowd's loud moments a voice has to be to begin, and to go on, in the mean of
`NEAR_FRAMES`. Chosen with `bench.noise`: half a decibel lower takes the crowd for a user twice as
often; higher, or to go on only above -7, misses more turns 5 dB above the crowd, and cuts them."""
NEAR_FRAMES = 3
"""As long as an onset."""
UNSURE = 0.45
"""Between the gate's thresholds: begins nothing, and ends nothing."""
QUIET_FRAMES = 31
"""1 s. So much more silence than voice, and the crowd is gone."""
LOOK_EVERY = 8
"""Frames."""


class Crowd:
    """One session's background. Feed it every frame in front of the gate."""

    def __init__(self) -> None:
        self.level_dbfs: float | None = None
        """The crowd's at its loud moments (90th percentile); None where there is none."""
        self._near: deque[float] = deque(maxlen=NEAR_FRAMES)
        """Power of the last frames."""
        self._levels: deque[float] = deque(maxlen=WINDOW_FRAMES)
        self._voiced: deque[bool] = deque(maxlen=WINDOW_FRAMES)
        self._frames = self._quiet = 0

    def heard(self, probability: float, level_dbfs: float) -> float:
        """How probable it is that this frame is the user's voice: what VAD says, unless it is no
        louder than the crowd. level_dbfs: of the frame after clean-up."""
        self._near.append(10 ** (level_dbfs / 10))
        self._levels.append(level_dbfs)
        self._voiced.append(probability >= VOICED)
        self._look()
        if self.level_dbfs is None:
            return probability
        above_db = 10 * math.log10(sum(self._near) / len(self._near)) - self.level_dbfs
        if above_db >= RISE_DB:
            return probability
        return min(probability, UNSURE if above_db >= STAY_DB else 0.0)

    def _look(self) -> None:
        """Now and then: percentiles cost 60 µs."""
        self._quiet = max(0, self._quiet - 1) if self._voiced[-1] else self._quiet + 1
        if self._quiet > QUIET_FRAMES:
            self.level_dbfs = None
        self._frames += 1
        is_due = self._frames % LOOK_EVERY == 0 and len(self._voiced) == WINDOW_FRAMES
        if is_due and sum(self._voiced) >= VOICED_SHARE * WINDOW_FRAMES:
            self._measure()

    def _measure(self) -> None:
        low, high = np.percentile(self._levels, [5, 90])
        if high - low < SWING_DB:
            self.level_dbfs = float(high)
