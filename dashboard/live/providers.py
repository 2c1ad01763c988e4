"""The providers in force: who may be asked, and having one asked no more, by hand."""

from typing import Any

from asgiref.sync import sync_to_async

from voice import wiring
from voice.providers.failover.member import Member


class NoSuchProvider(LookupError):
    """None of that name in that stage."""


async def breakers() -> list[dict[str, Any]]:
    """Each provider of each chain, in order, with the state of its breaker, which is that of all
    processes, and its pace in this one."""
    chains = await sync_to_async(wiring.providers, thread_sensitive=False)()
    return [_breaker(stage, member) for stage, chain in chains.members.items() for member in chain]


async def switch(stage: str, name: str, *, is_open: bool) -> None:
    """Have it asked no more, or again; the others hear of it within health.SYNC_S. On the event
    loop that serves the sockets, since streams that are under way hear of it at once. Raises
    NoSuchProvider."""
    chains = await sync_to_async(wiring.providers, thread_sensitive=False)()
    members = [m for kind, chain in chains.members.items() if kind == stage for m in chain]
    vitals = next((member.vitals for member in members if member.name == name), None)
    if vitals is None:
        raise NoSuchProvider(f"There is no {stage} provider “{name}”.")
    if is_open:
        vitals.open_by_hand()
    else:
        vitals.close_by_hand()


def _breaker(stage: str, member: Member[Any]) -> dict[str, Any]:
    breaker, p95_s = member.vitals.breaker, member.vitals.first.p95_s
    return {
        "stage": stage,
        "name": member.name,
        "state": breaker.state.value,
        "reason": breaker.reason.value if breaker.reason and not breaker.is_closed else None,
        "since": breaker.changed_at or None,
        "first_p95_ms": p95_s and round(p95_s * 1000),
    }
