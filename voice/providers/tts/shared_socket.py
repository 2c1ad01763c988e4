"""One WebSocket that many sentences share, each in a context of its own.

Asking and stopping never wait: what is to be sent is queued, from before the socket is open on. One
task reads and gives each message to its context, one writes.
"""

import asyncio
import contextvars
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from uuid import uuid4

from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.tts.connection import Connection, Endpoint, Message, Request, Said, Upkeep
from voice.providers.tts.context import Context

SEND_S = 3.0
QUEUED_MAX = 1_000
"""What waits to be sent. Full: the socket is given up, since it takes nothing."""
SILENT_S = 1.0
"""A socket on which nothing came for so long although somebody waited gets no new contexts once
that one has given up: it may be dead, and pings take longer to tell. Neither does one that is not
open yet when the only one who waited for it has left."""
RELEASE_S = 10.0
"""A context that was stopped counts until the vendor says that it has ended, or for this long."""


class SharedSocket:
    """Opens at once, and lives until the connection ends, it is unused for long, or `aclose`."""

    def __init__(
        self, endpoint: Endpoint, upkeep: Upkeep, on_change: Callable[["SharedSocket"], None]
    ) -> None:
        """on_change: called when it stops to take contexts."""
        self.has_spoken = False
        self.trouble: ProviderError | None = None
        """Why it has ended; None while it has not."""
        self._endpoint = endpoint
        self._upkeep = upkeep
        self._on_change = on_change
        self._now = asyncio.get_running_loop().time
        self._is_connected = False
        self._is_retired = False
        self._contexts: dict[str, Context] = {}
        self._occupied: dict[str, float] = {}
        """Contexts that the vendor has, and until when they count."""
        self._outgoing: asyncio.Queue[Callable[[], Sequence[Message]]] = asyncio.Queue(QUEUED_MAX)
        self._began_at = self._used_at = self._heard_at = self._now()
        # Of nobody's conversation, though somebody's opens it: the log is not to say otherwise.
        self._task = asyncio.create_task(self._live(), context=contextvars.Context())

    @property
    def has_room(self) -> bool:
        """Whether another context may be opened."""
        now = self._now()
        self._occupied = {name: until for name, until in self._occupied.items() if until > now}
        taken = self._occupied.keys() | self._contexts.keys()
        return not self._is_retired and len(taken) < self._endpoint.contexts_max

    @property
    def is_gone(self) -> bool:
        """Nothing of it is left."""
        return self._task.done()

    def open(self, request: Request) -> Context:
        """A context for one sentence; whoever takes it closes it."""
        name = uuid4().hex
        self._contexts[name] = context = Context(
            self._endpoint.provider,
            is_on_kept_socket=self._is_connected,
            say=partial(self._say, name),
            close=partial(self._leave, name),
        )
        self._used_at = self._now()
        self._queue(partial(self._opening, name, request))
        return context

    async def aclose(self) -> None:
        if not self.trouble:  # otherwise it is closing already
            self._end(ProviderUnavailable(self._endpoint.provider, "closed"), was_lost=False)
            self._task.cancel()
        await asyncio.wait([self._task])

    def _opening(self, name: str, request: Request) -> Sequence[Message]:
        if name not in self._contexts:  # left before the vendor knew of it
            return ()
        self._occupied[name] = inf
        self._contexts[name].asked_at = self._now()
        return request(name)

    def _say(self, name: str, request: Request) -> None:
        self._queue(lambda: request(name) if name in self._contexts else ())

    def _leave(self, name: str) -> None:
        """Nobody listens to it any more, so the vendor may stop, if it has not finished."""
        context = self._contexts.pop(name, None)
        if context is None:
            return
        if context.asked_at < inf:
            self._stop(name)
        if self._is_suspect(context):
            self._retire()
        if self._is_retired and not self._contexts:
            self._task.cancel()

    def _is_suspect(self, left: Context) -> bool:
        if self._is_connected:
            return self._now() - max(left.asked_at, self._heard_at) > SILENT_S
        return not self._contexts or self._now() - self._began_at > SILENT_S

    def _stop(self, name: str) -> None:
        self._occupied[name] = self._now() + RELEASE_S
        self._queue(lambda: [self._endpoint.cancel(name)])

    def _queue(self, messages: Callable[[], Sequence[Message]]) -> None:
        try:
            self._outgoing.put_nowait(messages)
        except asyncio.QueueFull:
            self._end(ProviderUnavailable(self._endpoint.provider, "takes nothing"))
            self._task.cancel()

    async def _live(self) -> None:
        trouble: ProviderError = ProviderUnavailable(self._endpoint.provider, "closed")
        try:
            connection = await self._endpoint.connect()
            try:
                self._is_connected = True
                trouble = await self._converse(connection)
            finally:
                self._end(trouble)  # first, since closing may take its time
                await connection.close()
        except ProviderError as error:
            trouble = error
        finally:
            self._end(trouble)

    async def _converse(self, connection: Connection) -> ProviderError:
        """Read and write until one of them is over, and why it is."""
        works = [
            asyncio.create_task(work) for work in (self._read(connection), self._write(connection))
        ]
        try:
            await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            return next(work.result() for work in works if work.done())
        finally:
            for work in works:
                work.cancel()
            await asyncio.wait(works)

    async def _read(self, connection: Connection) -> ProviderError:
        try:
            while True:
                self._take(await connection.receive())
        except ProviderError as error:
            return error

    def _take(self, said: Said) -> None:
        self.has_spoken = True
        self._heard_at = self._now()
        if said.error and not said.context:
            self._fail_all(said.error)
            return
        is_over = said.is_last or said.error is not None
        if is_over:
            self._occupied.pop(said.context, None)
        context = self._contexts.get(said.context)
        if context is None:  # left meanwhile, or a message of no interest
            return
        if not context.put(said):
            self._leave(said.context)
        elif is_over:
            del self._contexts[said.context]

    def _fail_all(self, trouble: ProviderError) -> None:
        asked = [
            (name, context) for name, context in self._contexts.items() if context.asked_at < inf
        ]
        for name, context in asked:
            context.fail(trouble)
            self._leave(name)

    async def _write(self, connection: Connection) -> ProviderError:
        try:
            while self._contexts or self._now() - self._used_at < self._upkeep.unused_s:
                for message in await self._next():
                    async with asyncio.timeout(SEND_S):
                        await connection.send(message)
        except TimeoutError:
            return ProviderTimeout(self._endpoint.provider, f"took nothing for {SEND_S:g} s")
        except ProviderError as error:
            return error
        return ProviderUnavailable(self._endpoint.provider, "unused")

    async def _next(self) -> Sequence[Message]:
        """What to send next; a sign of life if there is nothing for long."""
        try:
            async with asyncio.timeout(self._upkeep.sign_of_life_s):
                messages = await self._outgoing.get()
        except TimeoutError:
            return self._sign_of_life()
        return messages()

    def _sign_of_life(self) -> Sequence[Message]:
        if self._contexts or not self.has_room:
            return ()
        name = uuid4().hex
        self._occupied[name] = self._now() + RELEASE_S
        return self._endpoint.sign_of_life(name)

    def _retire(self) -> None:
        """Take no new contexts."""
        if not self._is_retired:
            self._is_retired = True
            self._on_change(self)

    def _end(self, trouble: ProviderError, *, was_lost: bool = True) -> None:
        if self.trouble:
            return
        self.trouble = trouble
        for context in self._contexts.values():
            context.fail(trouble, was_lost=was_lost)
        self._contexts.clear()
        self._retire()
