"""The tasks of replies: those in which they are voiced and played, and those in which a reply that
was cut waits for its last report.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from voice.replying.composer import CreateTask
from voice.replying.reply import Reply
from voice.telemetry import journal
from voice.turns.events import Event, ReplyFailed, ReplyOver

log = structlog.get_logger()


class Running:
    """The session owns the tasks, which are made with `create_task`."""

    def __init__(
        self,
        create_task: CreateTask,
        *,
        emit: Callable[[Event], None],
        now: Callable[[], float],
    ) -> None:
        self._create_task = create_task
        self._emit = emit
        self._now = now
        self._playing: dict[int, asyncio.Task[None]] = {}
        """By attempt."""
        self._endings: set[asyncio.Task[None]] = set()

    def start(self, reply: Reply) -> None:
        """Voice it, and play it once it is released."""
        task = self._create_task(self._run(reply))
        self._playing[reply.attempt] = task
        task.add_done_callback(lambda _: self._playing.pop(reply.attempt, None))

    def cancel(self, reply: Reply) -> None:
        """Not another sound of it; its script is left alone."""
        if task := self._playing.get(reply.attempt):
            task.cancel()

    def end(self, ending: Coroutine[Any, Any, None]) -> None:
        """Let a reply that was cut come to its end meanwhile."""
        task = self._create_task(ending)
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def wait_endings(self, timeout_s: float) -> None:
        """Until the replies that were cut are recorded."""
        if self._endings:
            await asyncio.wait(self._endings, timeout=timeout_s)

    async def _run(self, reply: Reply) -> None:
        journal.bind_turn(reply.turn)
        try:
            await reply.run()
        except Exception:
            # Our own mistake must not end the conversation: the user hears of it and goes on.
            log.exception("reply.broke", turn=reply.turn)
            self._emit(ReplyFailed(self._now(), reply.attempt))
            self._emit(ReplyOver(self._now(), reply.attempt))
