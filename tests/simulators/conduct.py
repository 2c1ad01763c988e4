"""How a simulated provider behaves: how fast it is, and what goes wrong with it. Settable at any
moment; what is being answered meanwhile notices with its next item."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

T = TypeVar("T")


class Fault(StrEnum):
    NONE = "none"
    REFUSE = "refuse"
    """Nobody listens on the port."""
    UNAUTHORISED = "401"
    BUSY = "429"
    """With Retry-After."""
    BROKEN = "500"
    HANG_CONNECT = "hang at connect"
    """The connection is taken and nothing is said on it: no handshake, no headers."""
    HANG = "hang before the first item"
    STALL = "stall in the middle"
    DROP = "drop in the middle"
    """The connection is reset."""
    END_EARLY = "end early"
    """The stream closes in good order, and what should end it was never said."""
    GARBAGE = "garbage"
    """What comes is not the protocol."""
    SLOW = "slow by ten times"


AT_THE_DOOR = {Fault.UNAUTHORISED: 401, Fault.BUSY: 429, Fault.BROKEN: 500}
"""Answered with this status before anything else."""
SLOWER = 10


@dataclass(frozen=True, slots=True)
class Conduct:
    fault: Fault = Fault.NONE
    after_items: int = 1
    """How many items of an answer are still in order before what goes wrong in the middle."""
    first_item_s: float = 0.0
    item_s: float = 0.0
    """From one item to the next."""
    retry_after_s: float = 2.0


class Broken(Exception):
    """What the server of an answer does next instead of going on: its `fault`."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


async def conducted(
    items: Iterable[T], conduct: Callable[[], Conduct], *, given: int = 0
) -> AsyncIterator[T]:
    """`items` at the pace of `conduct()`, until what it says goes wrong. Raises Broken for a
    drop, an early end and garbage; hangs where it says so. given: so many came before them in the
    same answer."""
    for index, item in enumerate(items, given):
        now = conduct()
        pause_s = now.item_s if index else now.first_item_s
        await asyncio.sleep(pause_s * (SLOWER if now.fault is Fault.SLOW else 1))
        now = conduct()
        if index == 0 and now.fault in (Fault.HANG, Fault.HANG_CONNECT):
            await asyncio.Event().wait()
        if index >= now.after_items:
            if now.fault is Fault.STALL:
                await asyncio.Event().wait()
            if now.fault in (Fault.DROP, Fault.END_EARLY, Fault.GARBAGE):
                raise Broken(now.fault)
        yield item
