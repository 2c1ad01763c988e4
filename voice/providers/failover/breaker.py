"""When to stop asking a provider, and when to ask it again. Pure: time and chance are arguments.

Failures add points, good answers take some off, and at a limit the breaker opens: nobody asks that
provider until its cool-down is over. Then one probe decides (half-open): closed again, or open for
twice as long. Moments are Unix seconds, since several processes share the state.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

POINTS_MAX = 6


class State(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    """Its probe is under way."""


class Failure(StrEnum):
    REJECTED = "rejected"
    """A key, a model or a quota: it stays wrong until somebody mends it."""
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    TIMEOUT = "timeout"
    SLOW = "slow"
    """It answered, or was about to, long after its usual time."""
    BY_HAND = "by hand"


POINTS = {
    Failure.REJECTED: POINTS_MAX,
    Failure.BUSY: POINTS_MAX,
    Failure.UNAVAILABLE: 3,
    Failure.TIMEOUT: 3,
    Failure.SLOW: 2,
}
"""Two broken answers in a row open it, or three slow ones; one that fails three times in ten too,
as each good answer takes off one point."""

COOLDOWN_S = 5.0
COOLDOWN_MAX_S = 60.0
RETRY_AFTER_MAX_S = 300.0
"""Longer than that nobody waits because a header says so."""
SOON_S = 120.0
"""Opening again this soon after it closed, it has not got well: the cool-down goes on doubling."""
PROBE_LOST_S = 15.0
"""A probe that has brought nothing by then died with its process."""
JITTER = 0.2
"""Share of a cool-down that may be spared, so that providers are not probed in step."""


@dataclass(frozen=True, slots=True)
class Breaker:
    state: State = State.CLOSED
    points: int = 0
    reason: Failure | None = None
    """Why it opened last."""
    cooldown_s: float = 0.0
    """Of the last opening."""
    until: float = 0.0
    """When an open one may be probed."""
    changed_at: float = 0.0
    """When `state` changed last."""

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED

    def is_due(self, now: float) -> bool:
        """Whether it wants its probe. One opened by hand stays so."""
        if self.reason is Failure.BY_HAND:
            return False
        if self.state is State.HALF_OPEN:
            return now >= self.changed_at + PROBE_LOST_S
        return self.state is State.OPEN and now >= self.until

    def served(self, *, now: float, asked_at: float) -> "Breaker":
        """It answered well: even an open one, asked because all others were worse off. What was
        asked before it opened says nothing of how it is now."""
        if self.is_closed:
            return replace(self, points=max(0, self.points - 1))
        if self.reason is Failure.BY_HAND or asked_at < self.changed_at:
            return self
        return self.closed(now=now)

    def failed(
        self, failure: Failure, *, now: float, chance: float, retry_after_s: float | None = None
    ) -> "Breaker":
        """It did not. chance: from 0 to 1, drawn by the caller."""
        points = min(POINTS_MAX, self.points + POINTS[failure])
        if not self.is_closed or points < POINTS_MAX:
            return replace(self, points=points)
        cooldown_s = self._first_cooldown_s(failure, now)
        return self._opened(failure, cooldown_s, now, chance, retry_after_s)

    def probing(self, *, now: float) -> "Breaker":
        """Its probe has begun. One opened by hand stays so."""
        if self.reason is Failure.BY_HAND:
            return self
        return replace(self, state=State.HALF_OPEN, changed_at=now)

    def probed(
        self,
        failure: Failure | None,
        *,
        now: float,
        chance: float,
        retry_after_s: float | None = None,
    ) -> "Breaker":
        """What its probe showed; None for a good answer. Nothing, if it was closed or opened by
        hand meanwhile."""
        if self.state is not State.HALF_OPEN:
            return self
        if failure is None:
            return self.closed(now=now)
        longer_s = min(COOLDOWN_MAX_S, self.cooldown_s * 2)
        return self._opened(failure, longer_s, now, chance, retry_after_s)

    def closed(self, *, now: float) -> "Breaker":
        return Breaker(reason=self.reason, cooldown_s=self.cooldown_s, changed_at=now)

    def opened_by_hand(self, *, now: float) -> "Breaker":
        """Until it is closed by hand."""
        return Breaker(State.OPEN, reason=Failure.BY_HAND, until=math.inf, changed_at=now)

    def _first_cooldown_s(self, failure: Failure, now: float) -> float:
        if failure is Failure.REJECTED:
            return COOLDOWN_MAX_S
        again = self.cooldown_s and now - self.changed_at < SOON_S
        return min(COOLDOWN_MAX_S, self.cooldown_s * 2) if again else COOLDOWN_S

    def _opened(
        self,
        reason: Failure,
        cooldown_s: float,
        now: float,
        chance: float,
        retry_after_s: float | None,
    ) -> "Breaker":
        jittered_s = cooldown_s * (1 - JITTER * chance)
        asked_s = min(RETRY_AFTER_MAX_S, retry_after_s or 0.0)
        return Breaker(
            State.OPEN,
            reason=reason,
            cooldown_s=cooldown_s,
            until=now + max(jittered_s, asked_s),
            changed_at=now,
        )
