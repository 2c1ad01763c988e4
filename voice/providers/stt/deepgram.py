"""Deepgram's ear: nova over `listen` v1. It gets all that the microphone hears, not speech alone.

Our own VAD decides when somebody has finished; Deepgram's endpointing is off, because a Finalize
that finds nothing left to do may stay unanswered (https://developers.deepgram.com/docs/finalize).
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from websockets.exceptions import ConnectionClosed, WebSocketException

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.protocols import INPUT_HZ, Transcript

OPEN_S = 4.0
SEND_S = 5.0
CLOSE_S = 0.15
"""The SDK's socket waits this long for a peer that is silent, up to five times over."""
ANSWER_S = 0.8
"""A Finalize that is not answered by then is answered here, with what was understood so far."""
KEEP_ALIVE_S = 4.0
"""Deepgram hangs up after 10 s without sound (https://developers.deepgram.com/docs/keep-alive)."""
QUEUED_MAX = 480
"""15 s of sound in frames of 32 ms that the network has not taken. Full: the stream breaks off."""


class Deepgram:
    name = "deepgram"
    speech_only = False

    def __init__(self, account: Account) -> None:
        self._account = account
        root = account.base_url.rstrip("/")
        socket_root = "ws" + root.removeprefix("http")
        self._client = AsyncDeepgramClient(
            api_key=account.key,
            environment=DeepgramClientEnvironment(
                base=root, production=socket_root, agent=socket_root, agent_rest=root
            ),
        )

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator["DeepgramStream"]:
        async with AsyncExitStack() as closing:
            socket = await self._connect(language, closing)
            stream = DeepgramStream(socket, self.name)
            tasks = [asyncio.create_task(work) for work in stream.work()]
            try:
                yield stream
            finally:
                stream.close()
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    async def _connect(self, language: str, closing: AsyncExitStack) -> Any:
        connecting = self._client.listen.v1.connect(
            model=self._account.model,
            language=language,
            encoding="linear16",
            sample_rate=INPUT_HZ,
            interim_results=True,
            smart_format=True,
            endpointing=False,
        )
        try:
            async with asyncio.timeout(OPEN_S):
                socket: Any = await closing.enter_async_context(connecting)
        except TimeoutError as error:
            raise ProviderTimeout(self.name, f"no connection within {OPEN_S:g} s") from error
        except ApiError as error:
            status = error.status_code or 500
            raise self._account.error(status, f"language “{language}”") from error
        except (OSError, WebSocketException) as error:
            raise ProviderUnavailable(self.name, f"no connection: {_brief(error)}") from error
        socket._websocket.close_timeout = CLOSE_S
        return socket


class DeepgramStream:
    """Lives while `work` is done. Trouble comes out of `transcripts`; what is sent after it is
    ignored."""

    def __init__(self, socket: Any, provider: str) -> None:
        """socket: the SDK's, connected."""
        self._socket = socket
        self._provider = provider
        self._outgoing: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue(QUEUED_MAX)
        self._arrived = asyncio.Event()
        self._waiting: list[Transcript] = []
        """At most one that is not final, and those that are."""
        self._asked: deque[tuple[float, float]] = deque()
        """Finalises that are not answered: (when they will be overdue, seconds sent before)."""
        self._sent_s = 0.0
        self._given_up_s = -1.0
        """What lies before this in the sound was answered here: Deepgram's word comes too late."""
        self._interim = ""
        self._trouble: ProviderError | None = None
        self._closed = False

    async def send(self, pcm: bytes) -> None:
        self._sent_s += len(pcm) / 2 / INPUT_HZ
        self._queue(partial(self._socket.send_media, pcm))

    async def finalise(self) -> None:
        self._asked.append((asyncio.get_running_loop().time() + ANSWER_S, self._sent_s))
        self._queue(self._socket.send_finalize)
        self._arrived.set()  # whoever waits has a deadline now

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while not self._closed:
            await self._something()
            waiting, self._waiting = self._waiting, []
            for transcript in waiting:
                yield transcript
            if self._trouble:
                raise self._trouble

    def close(self) -> None:
        self._closed = True
        self._arrived.set()

    def work(self) -> tuple[Coroutine[Any, Any, None], ...]:
        """What has to run as long as the stream is open."""
        return self._guarded(self._talk), self._guarded(self._hear)

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except TimeoutError:
            self._fail(ProviderTimeout(self._provider, f"took no sound for {SEND_S:g} s"))
        except ConnectionClosed as error:
            self._fail(ProviderUnavailable(self._provider, f"hung up: {_brief(error)}"))
        except Exception as error:  # an answer that makes no sense must not leave us deaf for good
            self._fail(ProviderUnavailable(self._provider, f"not understood: {_brief(error)}"))

    async def _talk(self) -> None:
        """Send what is queued, and a sign of life where there is nothing to send."""
        while True:
            send = await self._next()
            async with asyncio.timeout(SEND_S):
                await send()

    async def _next(self) -> Callable[[], Awaitable[None]]:
        try:
            async with asyncio.timeout(KEEP_ALIVE_S):
                return await self._outgoing.get()
        except TimeoutError:
            keep_alive: Callable[[], Awaitable[None]] = self._socket.send_keep_alive
            return keep_alive

    async def _hear(self) -> None:
        while True:
            self._take(await self._socket.recv())

    async def _something(self) -> None:
        """Return when there is a transcript or trouble; give up on a finalise that is overdue."""
        try:
            async with asyncio.timeout_at(self._asked[0][0] if self._asked else None):
                await self._arrived.wait()
        except TimeoutError:
            if self._asked and self._asked[0][0] <= asyncio.get_running_loop().time():
                _, self._given_up_s = self._asked.popleft()
                self._tell(Transcript(self._interim, is_final=True, answers_finalise=True))
        self._arrived.clear()

    def _take(self, message: Any) -> None:
        kind = getattr(message, "type", None)  # the SDK makes None of what it doesn't know
        if kind == "Error":
            self._fail(ProviderUnavailable(self._provider, f"gave up: {message.description}"))
        elif kind == "Results" and not self._is_late(message):
            alternatives = message.channel.alternatives if message.channel else None
            text = (alternatives[0].transcript if alternatives else None) or ""
            answers = bool(message.from_finalize and self._asked)
            if answers:
                self._asked.popleft()
            self._tell(Transcript(text, bool(message.is_final or answers), answers))

    def _is_late(self, message: Any) -> bool:
        if message.start is None or message.duration is None:
            return False
        return bool(message.start + message.duration <= self._given_up_s)

    def _tell(self, transcript: Transcript) -> None:
        self._interim = "" if transcript.is_final else transcript.text
        if self._waiting and not self._waiting[-1].is_final:
            self._waiting.pop()
        self._waiting.append(transcript)
        self._arrived.set()

    def _queue(self, send: Callable[[], Awaitable[None]]) -> None:
        if self._closed or self._trouble:
            return
        try:
            self._outgoing.put_nowait(send)
        except asyncio.QueueFull:
            self._fail(ProviderUnavailable(self._provider, "the network is too slow"))

    def _fail(self, trouble: ProviderError) -> None:
        self._trouble = self._trouble or trouble
        self._arrived.set()


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
