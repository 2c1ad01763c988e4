"""How much one socket may send. Pure: the clock is passed in."""

from collections import deque


class Rate:
    """Counts what happened in the last `window_s` and says when it was too much."""

    def __init__(self, most: float, *, window_s: float) -> None:
        self._most = most
        self._window_s = window_s
        self._happened: deque[tuple[float, float]] = deque()
        self._sum = 0.0

    def exceeded_by(self, amount: float, *, now: float) -> bool:
        """Count `amount` at `now`; True when the window holds more than is allowed."""
        self._happened.append((now, amount))
        self._sum += amount
        while self._happened[0][0] <= now - self._window_s:
            self._sum -= self._happened.popleft()[1]
        return self._sum > self._most
