"""One provider of a chain, and who is asked first."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.breaker import Failure
from voice.providers.failover.vitals import Vitals

log = structlog.get_logger()

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Member(Generic[P]):
    name: str
    provider: P
    vitals: Vitals
    is_last_resort: bool = False
    """It always works and is worse than all others: it is not hurried to."""
    is_silent: bool = False
    """It gives nothing at all: for when nobody else can."""

    @property
    def rank(self) -> int:
        """The higher, the worse its answers."""
        return self.is_last_resort + self.is_silent

    def broke(self, error: Exception) -> ProviderUnavailable:
        """What an adapter's mistake is to the rest: this provider's failure, no more. Logged."""
        log.error("provider.broke", provider=self.vitals.key, exc_info=error)
        return ProviderUnavailable(self.name, f"broke ({type(error).__name__})")


def in_order(members: Sequence[Member[P]]) -> list[Member[P]]:
    """Whom to ask for one answer, first to last: who is well in the order of the chain, then the
    others; none that was opened by hand, unless all were. Where nobody is well who gives better
    answers than an ill one, the least bad of those comes first."""
    well = [member for member in members if member.vitals.breaker.is_closed]
    ill = sorted(
        (member for member in members if _is_ill(member)),
        key=lambda member: member.vitals.breaker.until,
    )
    best = min((member.rank for member in well), default=math.inf)
    least_bad = next((m for m in ill if m.rank < best and _is_worth_a_try(m, members)), None)
    if least_bad is not None:
        ill.remove(least_bad)
        well.insert(0, least_bad)
    return [*well, *ill] or list(members)


def _is_ill(member: Member[P]) -> bool:
    breaker = member.vitals.breaker
    return not breaker.is_closed and breaker.reason is not Failure.BY_HAND


def _is_worth_a_try(member: Member[P], members: Sequence[Member[P]]) -> bool:
    """A wrong key is wrong for the next turn too. Where there is no choice among the ill, only one
    that is merely slow: the others are what the breaker is there to spare us."""
    reason = member.vitals.breaker.reason
    has_choice = any(other.rank == member.rank for other in members if other is not member)
    return reason is Failure.SLOW or (has_choice and reason is not Failure.REJECTED)
