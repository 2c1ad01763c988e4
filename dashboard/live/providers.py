"""The providers in force: who may be asked, and having one asked no more, by hand.

Beside the chains of the settings there are the language models that agents name. Which these are
stands in the database, since a process knows of one only once a session of its own asked for it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from asgiref.sync import sync_to_async

from conversations.models import Agent
from conversations.terms import language_models
from voice import wiring
from voice.providers.chains import usual_model
from voice.providers.failover.member import Member
from voice.providers.failover.vitals import Vitals
from voice.store.threads import query

Wanted = Sequence[tuple[str, str]]
"""Providers with the model that some agent asks of them, "" for the settings'."""


class NoSuchProvider(LookupError):
    """None of that name in that stage."""


@dataclass(frozen=True, slots=True)
class InForce:
    stage: str
    model: str
    """"" where it is that of the chain."""
    member: Member[Any]


async def wanted() -> Wanted:
    """What agents name as it is stored now. Raises DatabaseError, and TimeoutError."""
    return await query(_wanted)


async def in_force(wanted: Wanted = ()) -> list[InForce]:
    """Each provider of each chain, in order, and then the language models beside them. What this
    process did not know of these it watches over from now on, like the one that asks them."""
    chains = await sync_to_async(wiring.providers, thread_sensitive=False)()
    await sync_to_async(wiring.members_of, thread_sensitive=False)(wanted)
    named = dict.fromkeys((name, model or usual_model(name)) for name, model in wanted)
    found = {pair: chains.beside(*pair) for pair in named}
    return [
        *(InForce(stage, "", one) for stage, chain in chains.members.items() for one in chain),
        *(InForce("llm", model, one) for (_, model), one in found.items() if one),
    ]


async def breakers(wanted: Wanted = ()) -> list[dict[str, Any]]:
    """All that are in force, with the state of the breaker, which is that of all processes, and the
    pace in this one."""
    return [_breaker(one) for one in await in_force(wanted)]


async def switch(stage: str, name: str, model: str = "", *, is_open: bool) -> None:
    """Have it asked no more, or again; the others hear of it within health.SYNC_S. On the event
    loop that serves the sockets, since streams that are under way hear of it at once. model: of one
    beside the chain. Raises NoSuchProvider."""
    which = (stage, name, model)
    vitals = _found(which, await in_force()) or _found(which, await in_force(await wanted()))
    if vitals is None:
        raise NoSuchProvider(f"There is no {stage} provider “{name}”{model and f' with {model}'}.")
    if is_open:
        vitals.open_by_hand()
    else:
        vitals.close_by_hand()


def _found(which: tuple[str, str, str], among: Iterable[InForce]) -> Vitals | None:
    """which: stage, name and model."""
    of = ((one, (one.stage, one.member.name, one.model)) for one in among)
    return next((one.member.vitals for one, names in of if names == which), None)


def _breaker(one: InForce) -> dict[str, Any]:
    breaker, p95_s = one.member.vitals.breaker, one.member.vitals.first.p95_s
    return {
        "stage": one.stage,
        "name": one.member.name,
        "model": one.model,
        "state": breaker.state.value,
        "reason": breaker.reason.value if breaker.reason and not breaker.is_closed else None,
        "since": breaker.changed_at or None,
        "first_p95_ms": p95_s and round(p95_s * 1000),
    }


def _wanted() -> Wanted:
    """Sorted, so that every process tells them in one order."""
    named = Agent.objects.exclude(language_models="").values_list("language_models", flat=True)
    return sorted(_pairs(named))


def _pairs(texts: Iterable[str]) -> set[tuple[str, str]]:
    return {pair for text in texts for pair in language_models(text)}
