"""The tasks of one session: all of them end when it does, and one that breaks ends the rest."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any


class Tasks:
    """A TaskGroup that cancels what still runs when its body is done."""

    def __init__(self) -> None:
        self._group = asyncio.TaskGroup()
        self._running: set[asyncio.Task[None]] = set()

    def create(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Only in its body."""
        task = self._group.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def __aenter__(self) -> "Tasks":
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            for task in self._running:
                task.cancel()
        await self._group.__aexit__(kind, error, traceback)
