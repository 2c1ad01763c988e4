"""Somebody of the staff looks on: what is said goes to them, too, off the voice path."""

from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from voice import layer
from voice.wire import Outbound, StateChange, TranscriptUpdate

WAITING_MAX = 64
"""Messages. Where more wait, the oldest goes: captions hold all that was said of their turn."""


class Watching:
    """The watchers of one session, which owns the tasks made with `create_task`; that says False
    where the session does not run, and nothing is done."""

    def __init__(
        self,
        conversation: str,
        *,
        now: Callable[[], float],
        create_task: Callable[[Coroutine[Any, Any, None]], bool],
    ) -> None:
        self._conversation = conversation
        self._now = now
        self._create_task = create_task
        self._until: dict[str, float] = {}
        """By channel of the layer, on the clock of `now`."""
        self._waiting: deque[Outbound] = deque(maxlen=WAITING_MAX)
        self._is_sending = False

    def add(self, channel: str, for_s: float) -> None:
        """Look on over this channel, for so long or so much longer."""
        self._until[channel] = self._now() + for_s

    def offer(self, message: Outbound) -> None:
        """Pass it on if it is theirs to see and somebody looks. Never waits."""
        if not self._until or not isinstance(message, TranscriptUpdate | StateChange):
            return
        self._waiting.append(message)
        if not self._is_sending:
            self._is_sending = self._create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._waiting:
                message = self._waiting.popleft()
                for channel in self._watchers():
                    await self._pass_on(channel, message)
        finally:
            self._is_sending = False

    def _watchers(self) -> list[str]:
        now = self._now()
        self._until = {channel: until for channel, until in self._until.items() if until > now}
        return list(self._until)

    async def _pass_on(self, channel: str, message: Outbound) -> None:
        sent = {
            "type": "session.message",
            "conversation": self._conversation,
            "message": message.as_dict(),
        }
        await layer.send(channel, sent)
