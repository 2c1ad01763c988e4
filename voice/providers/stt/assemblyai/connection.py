"""One connection to AssemblyAI, through an SDK that is told nothing of what its user must know.

Its `connect` never raises, its read task dies in silence, its queue has no end, its closing takes
ten seconds: each is made good here, and named where it is.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from assemblyai.streaming.v3 import (
    AsyncRealTimeTranscriber,
    BeginEvent,
    RealTimeError,
    RealTimeEvents,
    RealTimeParameters,
    RealTimeTranscriberOptions,
    TurnEvent,
)
from assemblyai.streaming.v3.models import TerminateSession
from websockets.exceptions import ConnectionClosed

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.http import CONNECT_S
from voice.providers.stt.assemblyai.turns import Turns
from voice.providers.stt.closing import end
from voice.providers.stt.wire import BYTES_PER_S, Take

CLOSE_S = 0.3
TERMINATE_S = 0.05
"""For the last message to go out; its answer is of no use."""
STATUSES = {
    1013: 503,
    3005: 500,
    3006: 400,
    3007: 400,
    3009: 429,
    4001: 401,
    4002: 402,
    4003: 402,
    4029: 429,
    4100: 400,
    4101: 400,
    4102: 429,
}
"""Close codes as the HTTP statuses that mean the same
(https://www.assemblyai.com/docs/streaming/common-session-errors-and-closures)."""


class Connection:
    message_bytes_min = BYTES_PER_S // 20
    answers_unasked = False

    def __init__(self, options: RealTimeTranscriberOptions, account: Account) -> None:
        self._account = account
        self._client = AsyncRealTimeTranscriber(options)  # good for one connection
        for event in RealTimeEvents:
            self._client.on(event, self._on)
        self._connecting: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        """Or failed to."""
        self._ended = asyncio.Event()
        self._trouble: ProviderError | None = None
        self._turns = Turns()

    async def connect(self, parameters: RealTimeParameters) -> None:
        """Raises ProviderError."""
        self._connecting = asyncio.create_task(self._connect(parameters))
        self._connecting.add_done_callback(self._over)
        try:
            async with asyncio.timeout(CONNECT_S):
                await self._begun.wait()
        except TimeoutError as error:
            raise ProviderTimeout(
                self._account.provider, f"no session within {CONNECT_S:g} s"
            ) from error
        if self._trouble:
            raise self._trouble

    async def send(self, pcm: bytes) -> None:
        await self._client.stream(pcm)

    async def finalise(self) -> None:
        await self._client.force_endpoint()

    async def keep_alive(self) -> float:
        await self._client.keep_alive()
        return 0.0

    async def hear(self, take: Take) -> None:
        self._turns.take = take
        await self._ended.wait()
        if self._trouble:
            raise self._trouble

    async def close(self) -> None:
        """Within half a second, whatever the other side does."""
        self._turns.close()
        client = self._client
        if client._write_task and client._write_queue:
            with suppress(asyncio.QueueFull):
                client._write_queue.put_nowait(TerminateSession())
                await asyncio.wait({client._write_task}, timeout=TERMINATE_S)
        await end(self._connecting)
        await end(client._read_task, client._write_task)
        if client._websocket:
            await client._websocket.close()

    async def _connect(self, parameters: RealTimeParameters) -> None:
        """Connect, and put what is bounded in place of what is not before the SDK's own tasks
        take their first step."""
        client = self._client
        await client.connect(parameters)
        if client._websocket is None or not client._read_task or not client._write_task:
            return  # `_on` has been told why
        client._websocket = _Socket(client._websocket, self._on_closed)
        client._write_queue = asyncio.Queue(1)
        for task in (client._read_task, client._write_task):
            task.add_done_callback(self._over)

    def _on(self, _: object, message: object) -> None:
        """Take what comes. What we raise, the SDK would log and forget."""
        try:
            if isinstance(message, RealTimeError):
                self._on_closed(message)
            elif isinstance(message, BeginEvent):
                self._begun.set()
            elif isinstance(message, TurnEvent):
                self._turns.hear(message)
        except Exception as error:
            self._fail(self._unavailable(f"not understood: {type(error).__name__}"))

    def _on_closed(self, error: RealTimeError) -> None:
        self._fail(_translated(error, self._account))

    def _over(self, task: "asyncio.Task[None]") -> None:
        """One of the tasks is done, which for the SDK's own is the end, and often all we hear."""
        if task.cancelled():
            return
        if error := task.exception():
            self._fail(self._unavailable(f"not understood: {type(error).__name__}"))
        elif task is not self._connecting:
            self._fail(self._unavailable("hung up without a word"))

    def _fail(self, trouble: ProviderError) -> None:
        self._trouble = self._trouble or trouble
        self._begun.set()
        self._ended.set()

    def _unavailable(self, message: str) -> ProviderUnavailable:
        return ProviderUnavailable(self._account.provider, message)


class _Socket:
    """The SDK's socket, with three things put right. JSON that is broken, which the SDK passes
    over, ends the connection; why it was closed is told by us, for the SDK says nothing when that
    was in good order; and closing is quick, even when the network takes nothing more."""

    def __init__(self, socket: Any, on_closed: Callable[[RealTimeError], None]) -> None:
        self._socket = socket
        self._on_closed = on_closed

    async def recv(self) -> Any:
        with self._watching():
            message = await self._socket.recv()
        json.loads(message)
        return message

    async def send(self, message: Any) -> None:
        with self._watching():
            await self._socket.send(message)

    async def close(self) -> None:
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._socket.close()
        except TimeoutError:
            self._socket.transport.abort()
            await self._socket.wait_closed()

    @contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except ConnectionClosed as error:
            close = error.rcvd or error.sent
            said = close.reason if close else "the connection broke"
            self._on_closed(RealTimeError(said, close.code if close else None))
            raise


def _translated(error: RealTimeError, account: Account) -> ProviderError:
    said = str(error)
    code = error.code or 0
    if code == 1008 and "authoriz" in said.lower():
        code = 4001
    status = STATUSES.get(code, code)
    if 400 <= status < 600:
        return account.error(status, said)
    hidden = said.replace(account.key, "…") if account.key else said
    return ProviderUnavailable(account.provider, f"broke off ({code or 'no code'}): {hidden[:200]}")
