"""The tasks of replies: those in which they are voiced and played, and those in which a reply that
was cut waits for its last report.
"""

import asyncio

import structlog

from voice.replying.playing import Listener, Playing
from voice.replying.reply import Reply
from voice.runtime import Runtime, Work
from voice.telemetry import journal
from voice.turns.events import ReplyFailed, ReplyOver

log = structlog.get_logger()


class Running:
    """The session owns the tasks."""

    def __init__(self, runtime: Runtime, listener: Listener) -> None:
        """listener: hears them."""
        self._runtime = runtime
        self._listener = listener
        self._playing: dict[int, asyncio.Task[None]] = {}
        """By attempt."""
        self._endings: set[asyncio.Task[None]] = set()

    def start(self, reply: Reply) -> None:
        """Voice it, and play it once it is released."""
        task = self._runtime.create_task(self._run(reply))
        self._playing[reply.attempt] = task
        task.add_done_callback(lambda _: self._playing.pop(reply.attempt, None))

    def cancel(self, reply: Reply) -> None:
        """Not another sound of it; its script is left alone."""
        if task := self._playing.get(reply.attempt):
            task.cancel()

    def end(self, ending: Work) -> None:
        """Let a reply that was cut come to its end meanwhile."""
        task = self._runtime.create_task(ending)
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def wait_endings(self, timeout_s: float) -> None:
        """Until the replies that were cut are recorded."""
        if self._endings:
            await asyncio.wait(self._endings, timeout=timeout_s)

    async def _run(self, reply: Reply) -> None:
        journal.bind_turn(reply.turn)
        try:
            await Playing(reply, self._listener).run()
        except Exception:
            # Our own mistake must not end the conversation: the user hears of it and goes on.
            log.exception("reply.broke", turn=reply.turn)
            now = self._runtime.clock.now()
            self._runtime.emit(ReplyFailed(now, reply.attempt))
            self._runtime.emit(ReplyOver(now, reply.attempt))
