"""The searches of a chain as one, which goes on to the next when the first of them cannot.

A search is small and has no middle: nobody is started beside one that is late. One that is down is
not asked before its cool-down is over, and then by one user, whose search is its probe.
"""

import asyncio
import time
from collections.abc import Sequence

from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.failover.breaker import Failure
from voice.providers.failover.deadlines import SEARCH
from voice.providers.failover.member import Member, in_order
from voice.providers.protocols import Found, Search

STILL: dict[Failure | None, type[ProviderError]] = {
    Failure.REJECTED: ProviderRejected,
    Failure.BUSY: ProviderBusy,
    Failure.TIMEOUT: ProviderTimeout,
}


class SearchChain:
    name = "search"

    def __init__(self, members: Sequence[Member[Search]]) -> None:
        self._members = members

    async def search(self, query: str, *, results_max: int) -> list[Found]:
        """What the first that answers says. Raises the last one's ProviderError."""
        error: ProviderError = ProviderUnavailable(self.name, "nobody is asked")
        members = in_order(self._members)
        for member in members:
            try:
                return await self._ask(member, query, results_max)
            except ProviderError as failed:
                error = failed
                if member is not members[-1]:
                    member.vitals.handed_on()
        raise error

    async def _ask(self, member: Member[Search], query: str, results_max: int) -> list[Found]:
        vitals, began_at = member.vitals, time.time()
        is_probe = not vitals.breaker.is_closed
        if is_probe and not vitals.breaker.is_due(began_at):
            reason = vitals.breaker.reason
            raise STILL.get(reason, ProviderUnavailable)(member.name, f"is left alone ({reason})")
        if is_probe:
            vitals.probing()
        try:
            found = await _searched(member, query, results_max)
        except ProviderError as error:
            if is_probe:
                vitals.probed(None, None if error.is_ours else error)
            else:
                vitals.failed(error)
            raise
        if is_probe:
            vitals.probed(None, None)
        vitals.well(None, asked_at=began_at)  # a slow one is better than none
        return found


async def _searched(member: Member[Search], query: str, results_max: int) -> list[Found]:
    try:
        async with asyncio.timeout(SEARCH.total_s):
            return await member.provider.search(query, results_max=results_max)
    except TimeoutError as error:
        message = f"no answer within {SEARCH.total_s:g} s"
        raise ProviderTimeout(member.name, message) from error
    except ProviderError:
        raise
    except Exception as error:
        raise member.broke(error) from error
