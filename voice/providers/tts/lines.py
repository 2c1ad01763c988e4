"""The lines that are kept open, so that no sentence waits for a handshake."""

import asyncio
from collections.abc import Callable

from voice.providers.tts.line import Line

KEPT_MAX = 8
"""Deepgram counts them among the connections that an account may have. Full: the one that was used
longest ago is closed."""


class Lines:
    def __init__(self, connect: Callable[[str], Line]) -> None:
        """connect: a new line for a model."""
        self._connect = connect
        self._kept: list[Line] = []
        """The last used at the end."""
        self._lent: set[Line] = set()

    def kept(self, model: str, characters: int) -> Line | None:
        """The one of those free for a sentence of that length that has rested longest; if need be
        one that connects just now."""
        free = [
            line
            for line in self._kept
            if line.model == model and not line.is_lost and line.may_speak(characters)
        ]
        if not free:
            return None
        line = max(free, key=lambda line: line.is_open)
        self._kept.remove(line)
        self._lent.add(line)
        return line

    def new(self, model: str) -> Line:
        line = self._connect(model)
        self._lent.add(line)
        return line

    async def give_back(self, line: Line) -> None:
        """Keep it, unless it was cut short: then it is closed, and another is opened where none is
        left, so that the next sentence finds it."""
        self._lent.discard(line)
        was_open = line.is_open
        if was_open and not line.is_speaking:
            self._kept.append(line)
        else:
            await line.close()
        if was_open and not any(kept.model == line.model for kept in self._kept):
            self._kept.append(self._connect(line.model))
        await self._tidy()

    async def aclose(self) -> None:
        """Close all of them, those that are speaking, too."""
        leaving, self._kept = [*self._kept, *self._lent], []
        await asyncio.gather(*(line.close() for line in leaving))

    async def _tidy(self) -> None:
        """Close those that have died meanwhile, and those that are too many."""
        dead = [line for line in self._kept if line.is_lost]
        alive = [line for line in self._kept if not line.is_lost]
        self._kept = alive[-KEPT_MAX:]
        for line in (*dead, *alive[:-KEPT_MAX]):
            await line.close()
