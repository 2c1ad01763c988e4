"""Which members of a chain listen for one session: who replaces one that fails, who listens beside
one that is late, and who goes on listening in a pause.
"""

from collections.abc import Sequence

import structlog

from voice.providers.errors import ProviderError, ProviderTimeout
from voice.providers.failover.arbiter import Arbiter
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import HEAR
from voice.providers.failover.ears import Ears
from voice.providers.failover.kept import Kept
from voice.providers.failover.member import Member, in_order
from voice.providers.failover.open_ear import OpenEar
from voice.providers.protocols import SpeechToText

log = structlog.get_logger()

REVIEW_S = 1.0
"""How often to look for a better ear while nobody speaks."""


class Roster:
    """Nothing happens here by itself: `watch` is to be called when something has changed, and after
    `wait_s` at the latest. Its moments are on the event loop's clock."""

    def __init__(
        self,
        members: Sequence[Member[SpeechToText]],
        budget: HedgeBudget,
        *,
        ears: Ears,
        kept: Kept,
        arbiter: Arbiter,
    ) -> None:
        self._members = members
        self._budget = budget
        self._ears = ears
        self._kept = kept
        self._arbiter = arbiter
        self._is_alone = False
        """The last is late, and there is nobody else or the budget allows none."""

    def begin(self) -> None:
        """Have the best listen, whoever failed before."""
        self._ears.failed.clear()
        self._is_alone = False
        self._open(in_order(self._members)[0])

    def asked(self) -> None:
        """Another answer is asked for."""
        self._budget.earn()
        self._is_alone = False

    def watch(self, now: float) -> None:
        """Replace who fails; have another listen beside who is late; go back to the best. Raises
        ProviderError when none can hear."""
        for ear in self._ears:
            limit_s = self._limit_s(ear)
            if ear.error is None and ear.waited_s(now) >= limit_s:
                ear.error = ProviderTimeout(ear.member.name, f"no answer within {limit_s:.1f} s")
            if ear.error is not None:
                self._fail(ear, ear.error)
        if not self._kept.is_idle:
            if not self._is_alone and self._ears.last.is_late(now):
                self._hedge()
        elif self._ears.expects_others:
            self._renew()
        elif len(self._ears) > 1:
            self._settle()
        else:
            self._go_back()

    def wait_s(self, now: float) -> float:
        """Until something is due if nothing comes."""
        due = [self._limit_s(ear) - ear.waited_s(now) for ear in self._ears if ear.asked]
        if not self._is_alone:
            due.append(self._ears.last.late_in_s(now))
        return min([REVIEW_S, *due])

    # --- while somebody speaks, or an answer is owed ----------------------------------------------
    def _hedge(self) -> None:
        member = self._next()
        if member is None or not (member.is_last_resort or self._budget.spend()):
            self._is_alone = True
            return
        self._ears.last.member.vitals.hedged()
        self._open(member)

    def _fail(self, ear: OpenEar, error: ProviderError) -> None:
        ear.member.vitals.failed(error)
        self._ears.failed.add(ear.member.name)
        self._is_alone = False
        self._ears.close(ear)
        if self._ears:
            self._arbiter.promote(self._ears.first)
            return
        member = self._next()
        if member is None:
            raise error
        log.info("provider.handed_on", to=member.vitals.key, error=str(error))
        ear.member.vitals.handed_on()
        self._open(member)

    def _limit_s(self, ear: OpenEar) -> float:
        """So long an answer of this one is waited for."""
        slow_s = ear.member.vitals.first.slow_s
        return slow_s if self._is_alone and self._next() else max(HEAR.first_s, slow_s)

    # --- in a pause -------------------------------------------------------------------------------
    def _settle(self) -> None:
        """One ear is enough: the best, once it is open and owes nothing."""
        order = in_order(self._members)
        best = next((ear for m in order for ear in self._ears if ear.member is m), self._ears.first)
        if best.is_open and not best.asked:
            self._ears.close_all_but(best)
            self._arbiter.promote(best)

    def _renew(self) -> None:
        """The same member anew: it is to expect something else."""
        self._ears.expects_others = False
        self._open(self._ears.first.member)
        self._ears.close_all_but(self._ears.last)

    def _go_back(self) -> None:
        best = in_order(self._members)[0]
        is_open = best is self._ears.first.member
        if not is_open and best.vitals.breaker.is_closed and best.name not in self._ears.failed:
            self._open(best)

    # --- who there is -----------------------------------------------------------------------------
    def _next(self) -> Member[SpeechToText] | None:
        taken = {ear.member.name for ear in self._ears} | self._ears.failed
        return next((m for m in in_order(self._members) if m.name not in taken), None)

    def _open(self, member: Member[SpeechToText]) -> None:
        self._ears.open(member, self._arbiter.take)
