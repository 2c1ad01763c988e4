"""What has come of one sentence and is not taken yet."""

import asyncio
from collections import deque
from collections.abc import Callable
from math import inf

from voice.audio import pcm
from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ
from voice.providers.tts.connection import Request, Said

WAITING_MAX_S = 60.0
"""Sound that nobody takes, in seconds. Full: this context fails and is stopped, so that neither
memory grows nor the other contexts of its socket wait."""
MESSAGE_S = 0.02
"""What a message counts at least, so that those without sound are bounded, too."""


class Context:
    """Filled by the reader of its socket, emptied by one task, which closes it."""

    def __init__(
        self,
        provider: str,
        *,
        is_on_kept_socket: bool,
        say: Callable[[Request], None],
        close: Callable[[], None],
    ) -> None:
        """say: what has the vendor told more. close: what tells it to stop, if it has not
        finished."""
        self.say = say
        self.close = close
        self.asked_at = inf
        """When the vendor was asked, on the loop's clock."""
        self._provider = provider
        self._is_on_kept_socket = is_on_kept_socket
        self._changed = asyncio.Event()
        self._waiting: deque[Said] = deque()
        self._waiting_s = 0.0
        self._trouble: ProviderError | None = None
        self._has_ended = False
        self._was_lost = False

    async def get(self) -> Said | None:
        """The next message, None after the last. Raises ProviderError, after what came before
        the trouble."""
        await self._something()
        if self._waiting:
            said = self._waiting.popleft()
            self._waiting_s -= _weight_s(said)
            return said
        if self._trouble:
            raise self._trouble.with_traceback(None)  # it may be raised in other contexts as well
        return None

    async def is_stale(self) -> bool:
        """Once something has happened: whether it is that the socket, which was open before, has
        died without a word about why."""
        await self._something()
        died = self._was_lost and isinstance(self._trouble, ProviderUnavailable)
        return died and self._is_on_kept_socket and not self._waiting

    def put(self, said: Said) -> bool:
        """Never waits. False if there is no room, which ends this context."""
        if said.error:
            self.fail(said.error)
            return True
        self._waiting.append(said)
        self._waiting_s += _weight_s(said)
        if self._waiting_s > WAITING_MAX_S:
            self._waiting.clear()
            self.fail(
                ProviderUnavailable(self._provider, f"nobody took {WAITING_MAX_S:g} s of sound")
            )
            return False
        self._has_ended = said.is_last
        self._changed.set()
        return True

    def fail(self, trouble: ProviderError, *, was_lost: bool = False) -> None:
        """was_lost: together with its socket, and not by what the vendor says of it."""
        self._trouble = self._trouble or trouble
        self._was_lost = was_lost
        self._changed.set()

    async def _something(self) -> None:
        while not (self._waiting or self._trouble or self._has_ended):
            self._changed.clear()
            await self._changed.wait()


def _weight_s(said: Said) -> float:
    return max(pcm.duration_s(said.pcm, OUTPUT_HZ), MESSAGE_S)
