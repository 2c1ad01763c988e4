"""A chain of players, and one who takes its answer."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from tests.voice.providers.failover.players import PATIENCE_S, QUICK, Player, member
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.member import Member
from voice.providers.failover.relay import Relay

ITEMS = [1, 2, 3, 4]


@dataclass
class Stage:
    """A chain, and one who takes its answer."""

    members: list[Member[Player]]
    deadlines: Deadlines = QUICK
    budget: HedgeBudget = field(default_factory=HedgeBudget)
    given: list[int] = field(default_factory=list)
    givers: list[str] = field(default_factory=list)

    def items(self) -> AsyncGenerator[tuple[Member[Player], int], None]:
        relay = Relay(
            self.members,
            lambda player: player.play(len(self.given)),
            deadlines=self.deadlines,
            budget=self.budget,
        )
        return relay.items()

    async def take(self, count: int = 99) -> list[int]:
        """Up to so many items, then leave."""
        async with asyncio.timeout(PATIENCE_S), aclosing(self.items()) as items:
            async for giver, item in items:
                self.given.append(item)
                self.givers.append(giver.name)
                if len(self.given) == count:
                    break
        return self.given


def stage(*players: Player, **how: Any) -> Stage:
    return Stage([member(player) for player in players], **how)


def empty() -> HedgeBudget:
    budget = HedgeBudget()
    while budget.spend():
        continue
    return budget


def well(name: str = "b") -> Player:
    return Player(name, list(ITEMS))


def figures(chain: Stage) -> list[tuple[int, int, int]]:
    """(served, failures, hedges) of each member."""
    vitals = [each.vitals for each in chain.members]
    return [(each.served, each.failures, each.hedges) for each in vitals]
