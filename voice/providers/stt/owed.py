"""The finalises of one stream that have no answer yet, oldest first."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

ANSWER_S = 0.8
"""A finalise that is not answered by then is overdue."""
ROUNDED_S = 0.001
"""Vendors round the moments that they tell."""


@dataclass(frozen=True, slots=True)
class _Finalise:
    overdue: asyncio.TimerHandle
    sent_s: float


class Owed:
    def __init__(self, on_overdue: Callable[[], None]) -> None:
        """on_overdue: called for each that waited too long; it is the oldest then."""
        self._on_overdue = on_overdue
        self._finalises: deque[_Finalise] = deque()

    def __len__(self) -> int:
        return len(self._finalises)

    @property
    def oldest_s(self) -> float:
        """How much sound was sent before the oldest, which must be there."""
        return self._finalises[0].sent_s

    def add(self, sent_s: float) -> None:
        """sent_s: sound that was sent before it."""
        overdue = asyncio.get_running_loop().call_later(ANSWER_S, self._on_overdue)
        self._finalises.append(_Finalise(overdue, sent_s))

    def is_reached(self, until_s: float) -> bool:
        """Whether the oldest asked for no more than the sound up to there."""
        return bool(self._finalises) and self.oldest_s <= until_s + ROUNDED_S

    def answer(self, until_s: float) -> int:
        """How many of them an answer about the sound up to there is for; they are owed no more."""
        count = 0
        while self.is_reached(until_s):
            self._finalises.popleft().overdue.cancel()
            count += 1
        return count

    def clear(self) -> None:
        while self._finalises:
            self._finalises.popleft().overdue.cancel()
