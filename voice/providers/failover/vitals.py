"""How one provider has been doing, as this process sees it, and whether it may be asked."""

import random
import time
from collections.abc import Callable
from typing import Literal

import structlog

from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
)
from voice.providers.failover.breaker import Breaker, Failure, State
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.pace import Pace

log = structlog.get_logger()

Listener = Callable[[], None]
Happened = Literal["provider_answers", "provider_failures", "provider_hedges", "failovers"]


Tell = Callable[[Happened, str], None]
"""Told what becomes of a provider's answers, with its stage and name."""


FAILURES: dict[type[ProviderError], Failure] = {
    ProviderRejected: Failure.REJECTED,
    ProviderBusy: Failure.BUSY,
    ProviderTimeout: Failure.TIMEOUT,
}


def failure_of(error: ProviderError) -> Failure:
    return FAILURES.get(type(error), Failure.UNAVAILABLE)


class Vitals:
    """Shared by every session of this process; `health` shares the breaker with the others."""

    def __init__(
        self, key: str, deadlines: Deadlines, *, tell: Tell = lambda happened, name: None
    ) -> None:
        """key: names stage, provider, model and region, the same in every process."""
        self.key = key
        self.name = "/".join(key.split("/")[:2])
        """Stage and provider."""
        self.tell = tell
        self.breaker = Breaker()
        floor_s = deadlines.floor_s
        self.first = Pace(
            floor_s=floor_s, guess_s=deadlines.first_guess_s, guess_max_s=deadlines.first_s
        )
        """Waits for the first item of an answer."""
        self.gap = Pace(floor_s=floor_s, guess_s=deadlines.gap_guess_s, guess_max_s=deadlines.gap_s)
        """The longest wait between two items of an answer."""
        self.served = 0
        self.failures = 0
        self.hedges = 0
        """How often another was started beside it because it was late."""
        self._listeners: set[Listener] = set()
        self.on_change: Listener = lambda: None
        """The breaker opened or closed here, and others should know."""

    def well(self, first_s: float | None, gap_s: float = 0.0, *, asked_at: float) -> None:
        """It answered to the end.

        first_s: None where the wait says nothing of its pace. asked_at: Unix seconds."""
        self.served += 1
        self.tell("provider_answers", self.name)
        if first_s is not None and self._is_slow(first_s):
            self._fail(Failure.SLOW, f"first item after {first_s:.2f} s")
        else:
            self._set(self.breaker.served(now=time.time(), asked_at=asked_at))
        if first_s is not None:
            self.first.note(first_s)
            self.gap.note(gap_s)

    def failed(self, error: ProviderError) -> None:
        if not error.is_ours:
            self.found_down(error)
            return
        self._count_failure()
        log.warning("provider.refused", provider=self.key, error=str(error))

    def found_down(self, error: ProviderError) -> None:
        """A request that nobody should refuse has failed, as the one at start is."""
        self._count_failure()
        self._fail(failure_of(error), str(error), error.retry_after_s)

    def late(self, waited_s: float) -> None:
        """Another that was started later answered first."""
        self._fail(Failure.SLOW, f"nothing for {waited_s:.2f} s")

    def hedged(self) -> None:
        """It is late, and another was started beside it."""
        self.hedges += 1
        self.tell("provider_hedges", self.name)

    def handed_on(self) -> None:
        """It failed, and another goes on in its place."""
        self.tell("failovers", self.name)

    def probing(self) -> None:
        self._set(self.breaker.probing(now=time.time()))

    def probed(self, first_s: float | None, error: ProviderError | None) -> None:
        """What its probe showed: the wait for the first item, or why there was none."""
        failure = failure_of(error) if error else None
        if first_s is not None:
            failure = Failure.SLOW if self._is_slow(first_s) else None
            self.first.note(first_s)
        self._set(
            self.breaker.probed(
                failure,
                now=time.time(),
                chance=random.random(),
                retry_after_s=error.retry_after_s if error else None,
            )
        )

    def open_by_hand(self) -> None:
        """Nobody asks it until it is closed by hand."""
        self._set(self.breaker.opened_by_hand(now=time.time()))

    def close_by_hand(self) -> None:
        self._set(self.breaker.closed(now=time.time()))

    def adopt(self, breaker: Breaker) -> None:
        """Take over what another process found out."""
        was_closed, self.breaker = self.breaker.is_closed, breaker
        self._tell(was_closed)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Have it called when the breaker opens; returns how to stop that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    def _count_failure(self) -> None:
        self.failures += 1
        self.tell("provider_failures", self.name)

    def _is_slow(self, first_s: float) -> bool:
        return self.first.p95_s is not None and first_s > self.first.slow_s

    def _fail(self, failure: Failure, why: str, retry_after_s: float | None = None) -> None:
        log.warning("provider.failed", provider=self.key, failure=failure.value, error=why)
        now, chance = time.time(), random.random()
        self._set(self.breaker.failed(failure, now=now, chance=chance, retry_after_s=retry_after_s))

    def _set(self, breaker: Breaker) -> None:
        before, self.breaker = self.breaker, breaker
        if breaker.state is not before.state:
            log.info(
                "provider.breaker",
                provider=self.key,
                state=breaker.state.value,
                reason=breaker.reason and breaker.reason.value,
                cooldown_s=round(breaker.cooldown_s, 1),
            )
            self.on_change()
        elif breaker.until != before.until:
            self.on_change()
        self._tell(before.is_closed)

    def _tell(self, was_closed: bool) -> None:
        if was_closed and self.breaker.state is State.OPEN:
            for listener in list(self._listeners):
                listener()
