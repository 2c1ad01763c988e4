"""For `bench.faults`: a chain of three providers on simulators of their own, and what came of
it."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from tests.simulators.conduct import Conduct
from tests.simulators.server import Simulator
from tests.simulators.vendors import adapter, simulator
from voice.providers.chains import DEADLINES
from voice.providers.failover.member import Member
from voice.providers.failover.vitals import Vitals
from voice.providers.probes import PROBES
from voice.providers.registry import Kind

KINDS: dict[str, Kind] = {"think": "llm", "speak": "tts", "hear": "stt"}
NEXT = {
    "think": {"groq": "openai", "openai": "gemini", "gemini": "local", "local": "groq"},
    "speak": {
        "cartesia": "openai",
        "openai": "deepgram",
        "deepgram": "elevenlabs",
        "elevenlabs": "local",
        "local": "cartesia",
    },
    "hear": {
        "deepgram": "assemblyai",
        "flux": "deepgram",
        "assemblyai": "flux",
        "local": "deepgram",
    },
}
"""By stage, each provider and who comes after it."""
FIRST_ITEM_S = 0.2
ITEM_S = {"think": 0.02, "speak": 0.03, "hear": 0.005}
"""Tokens, pieces of 100 ms, transcripts."""


@dataclass
class Outcome:
    silence_ms: float
    """Before the first sound and in gaps; of an ear, until its last word was there."""
    expected: Sequence[str]
    heard: Sequence[str]
    served: list[str]
    is_finished: bool = True

    @property
    def lost(self) -> list[str]:
        return list((Counter(self.expected) - Counter(self.heard)).elements())

    @property
    def twice(self) -> list[str]:
        return list((Counter(self.heard) - Counter(self.expected)).elements())

    @property
    def in_order(self) -> bool:
        known = [word for word in dict.fromkeys(self.heard) if word in self.expected]
        return known == [word for word in self.expected if word in known]


@dataclass
class House:
    stage: str
    simulators: list[Simulator]
    members: list[Member[Any]]
    rates: dict[str, float]
    """How fast each voice speaks, as far as that is known."""

    @property
    def first(self) -> Simulator:
        return self.simulators[0]

    def paced(self, conduct: Conduct) -> Conduct:
        return replace(conduct, first_item_s=FIRST_ITEM_S, item_s=ITEM_S[self.stage])

    def learn(self, other: Vitals) -> None:
        """Know how fast the first provider usually is, as a process does after a while."""
        self.members[0].vitals.first = deepcopy(other.first)
        self.members[0].vitals.gap = deepcopy(other.gap)


@asynccontextmanager
async def house(
    stage: str, first: str, reply: str, rates: dict[str, float]
) -> AsyncIterator[House]:
    """reply: what each model says."""
    kind = KINDS[stage]
    second = NEXT[stage][first]
    async with AsyncExitStack() as stack:
        built = House(stage, [], [], rates)
        for name in (first, second, NEXT[stage][second]):
            server = simulator(kind, name, reply=lambda _: reply)
            await stack.enter_async_context(server)
            provider = adapter(kind, name, server.url)
            stack.push_async_callback(provider.aclose)
            await PROBES[kind](provider)  # as at start: its connections are open
            await server.behave(built.paced(Conduct()))
            built.simulators.append(server)
            vitals = Vitals(f"{kind}/{name}", DEADLINES[kind])
            built.members.append(Member(name, provider, vitals))
        yield built
