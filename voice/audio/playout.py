"""Where in a reply the speaker is, at each moment of the microphone's recording.

From pairs of positions that a client takes at one instant (`playback`, four a second). Between two
it plays at its own clock's pace, which is learned: an echo canceller wants its reference to glide.
"""

JUMP_S = 0.008
"""A pair this far off means that playing stalled or skipped, and is believed at once. Less is
jitter or drift, and approached by playing a little faster or slower: a canceller loses more by a
step of 1 ms than by one of 60, which it notices."""
PULL = 0.3
"""Of what a pair is off, this much is made up for in a second,"""
PACE_GAIN = PULL**2 / 4
"""and this much of it, in a second, goes into the pace: critical damping."""
PACE_MAX = 300e-6
"""Sound cards' crystals are within 100 ppm of their rate each."""
PULL_MAX = 1e-3


class Playout:
    """One reply. Positions and moments in seconds: of the reply, and of the microphone's stream."""

    def __init__(self, begins_s: float, *, pace: float = 0.0) -> None:
        """begins_s: when its first sample is expected to be heard.
        pace: how much faster than the microphone's clock it is expected to play."""
        self.pace = pace
        self.is_known = False
        """There was a pair."""
        self._at_s, self._position_s = begins_s, 0.0
        self._pull = 0.0

    @property
    def step(self) -> float:
        """Seconds of the reply that are heard in a second of the microphone's stream."""
        return 1 + self.pace + self._pull

    def position_s(self, at_s: float) -> float:
        """What is heard at that moment; negative before it begins."""
        return self._position_s + (at_s - self._at_s) * self.step

    def begins_s(self) -> float:
        """When its first sample was heard, or would have been, had it played without a break."""
        return self._at_s - self._position_s

    def pair(self, at_s: float, position_s: float) -> None:
        """At this moment of the microphone's stream this position of the reply was heard."""
        expected_s = self.position_s(at_s)
        error_s = position_s - expected_s
        if not self.is_known or abs(error_s) > JUMP_S:
            self._at_s, self._position_s, self._pull = at_s, position_s, 0.0
        else:
            elapsed_s = min(1.0, max(0.0, at_s - self._at_s))
            self._at_s, self._position_s = at_s, expected_s
            self.pace = _within(PACE_MAX, self.pace + PACE_GAIN * error_s * elapsed_s)
            self._pull = _within(PULL_MAX, PULL * error_s)
        self.is_known = True


def _within(limit: float, value: float) -> float:
    return min(limit, max(-limit, value))
