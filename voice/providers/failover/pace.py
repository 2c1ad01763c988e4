"""How fast a provider usually is, so that late can mean late for it. Pure."""

from collections import deque
from math import ceil

KEPT = 64
ENOUGH = 20
"""Before so many measurements there is no percentile, only a guess."""
GUESS = 3
"""Times the longest wait so far: how late is late while there are few."""
SLOWER = 2.0
SLOWER_BY_S = 0.2
"""An answer is slow beyond twice the 95th percentile and a bit, which spares the very fast ones."""


class Pace:
    def __init__(self, *, floor_s: float, guess_s: float, guess_max_s: float) -> None:
        """floor_s: nothing is late before. guess_s: what is late where nothing is known."""
        self._floor_s = floor_s
        self._guess_s = guess_s
        self._guess_max_s = guess_max_s
        self._waits_s: deque[float] = deque(maxlen=KEPT)

    @property
    def p95_s(self) -> float | None:
        """Of the last 64 waits; None before there are 20."""
        if len(self._waits_s) < ENOUGH:
            return None
        return sorted(self._waits_s)[ceil(0.95 * len(self._waits_s)) - 1]

    @property
    def late_s(self) -> float:
        """Who has waited longer than this waits longer than usual."""
        if (p95_s := self.p95_s) is not None:
            return max(self._floor_s, p95_s)
        longest_s = max(self._waits_s, default=0.0)
        return min(self._guess_max_s, max(self._guess_s, GUESS * longest_s))

    @property
    def slow_s(self) -> float:
        """Who has waited longer than this waits for something that is not well."""
        return SLOWER * self.late_s + SLOWER_BY_S

    def note(self, wait_s: float) -> None:
        """Keep a measurement. A slow one counts as just slow, so that a provider that has become
        slower for good is known as such after a while, and not at once."""
        self._waits_s.append(min(wait_s, self.slow_s))
