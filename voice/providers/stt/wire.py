"""What differs from one vendor's socket to the next: how to say things to it, and what it says.

Vendors cut the sound into segments (an utterance, a turn), tell the words of a segment again and
again while they grow, and end it with words that are final.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from voice.providers.protocols import INPUT_HZ

BYTES_PER_S = INPUT_HZ * 2


@dataclass(frozen=True, slots=True)
class Heard:
    """All the words of a segment so far, in place of what was heard of it before."""

    text: str
    segment: int
    """Its number; the next segment has another."""
    until_s: float = math.inf
    """How far in the sound it reaches."""
    is_final: bool = False
    answers_finalise: bool = False
    ends_speech: bool = False
    """The vendor has heard silence behind it."""
    turn_over: bool | None = None
    """As in Transcript."""


Take: TypeAlias = Callable[[Heard], None]


class Wire(Protocol):
    """Its coroutines are cancelled at any moment. What they raise ends the stream: a ProviderError
    as it is, anything else as ProviderUnavailable."""

    message_bytes_min: int
    """The shortest piece of sound that the vendor takes."""
    answers_unasked: bool
    """The vendor soon tells of all sound, in words or not, as long as more comes, and is to be left
    its own mind about turns: what it says of the sound before a finalise is the answer."""

    async def send(self, pcm: bytes) -> None: ...

    async def finalise(self) -> None:
        """Ask for what was sent so far; the vendor may leave this unanswered."""

    async def keep_alive(self) -> float:
        """Give a sign of life, and return for how many seconds of sound it counts."""

    async def hear(self, take: Take) -> None:
        """Pass on what comes until cancelled. Raises when the vendor hangs up."""
