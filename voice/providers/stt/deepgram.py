"""Deepgram's ear: nova over `listen` v1. It gets all that the microphone hears, not speech alone.

Our own VAD decides when somebody has finished. Deepgram's endpointing only has it settle its words
in a pause without being asked; a Finalize after that finds nothing left to do and may stay
unanswered (https://developers.deepgram.com/docs/finalize), so it is not sent.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import httpx
from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from websockets.exceptions import WebSocketException

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.http import CONNECT_S
from voice.providers.protocols import INPUT_HZ
from voice.providers.stt.closing import end, to_the_end
from voice.providers.stt.socket_stream import SocketStream
from voice.providers.stt.terms import fitting
from voice.providers.stt.wire import Heard, Take, Wire

ENDPOINTING_MS = 100
"""Less than the pause at which our VAD asks for the last words: they are there by then."""
CLOSE_S = 0.15
"""The SDK's socket waits this long for a peer that is silent, up to five times over."""
TERMS_MAX = 100
TERMS_CHARACTERS_MAX = 1000
"""For 500 tokens; more of them stop the transcription, without an error
(https://developers.deepgram.com/docs/keyterm)."""


class Deepgram:
    speech_only = False
    tells_as_it_goes = True

    def __init__(self, account: Account) -> None:
        self.name = account.provider
        self._account = account
        root = account.base_url.rstrip("/")
        socket_root = "ws" + root.removeprefix("http")
        self._http = httpx.AsyncClient(timeout=CONNECT_S)
        client = AsyncDeepgramClient(
            api_key=account.key,
            environment=DeepgramClientEnvironment(
                base=root, production=socket_root, agent=socket_root, agent_rest=root
            ),
            httpx_client=self._http,
        )
        self._listen = self._endpoint(client)

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator[SocketStream]:
        connecting = self._connecting(language, terms)
        async with (
            _connected(connecting, self._account, language) as socket,
            SocketStream(self._wire(socket), self._account) as stream,
        ):
            yield stream

    async def aclose(self) -> None:
        """Close what the SDK keeps beside the sockets, which are closed with their streams."""
        await self._http.aclose()

    def _endpoint(self, client: AsyncDeepgramClient) -> Any:
        return client.listen.v1

    def _wire(self, socket: Any) -> Wire:
        return NovaWire(socket, self.name)

    def _connecting(self, language: str, terms: Sequence[str]) -> AbstractAsyncContextManager[Any]:
        """What opens the SDK's socket. Raises ProviderRejected for what the model can't do."""
        knows_terms = self._account.model.startswith("nova-3")
        connecting: AbstractAsyncContextManager[Any] = self._listen.connect(
            model=self._account.model,
            language=language,
            encoding="linear16",
            sample_rate=INPUT_HZ,
            interim_results=True,
            smart_format=True,
            endpointing=ENDPOINTING_MS,
            keyterm=keyterms(terms) if knows_terms else None,
        )
        return connecting


def keyterms(terms: Sequence[str]) -> list[str] | None:
    """As many of the terms as Deepgram takes; None for none."""
    return fitting(terms, count_max=TERMS_MAX, characters_max=TERMS_CHARACTERS_MAX) or None


class DeepgramWire:
    """What `listen` v1 and v2 have in common."""

    message_bytes_min = 1
    answers_unasked = False

    def __init__(self, socket: Any, provider: str) -> None:
        """socket: the SDK's, connected."""
        self._socket = socket
        self._provider = provider

    async def send(self, pcm: bytes) -> None:
        await self._socket.send_media(pcm)

    async def hear(self, take: Take) -> None:
        while True:
            if heard := self._heard(await self._socket.recv()):
                take(heard)

    def _heard(self, message: Any) -> Heard | None:
        """None for what holds no words. Raises ProviderUnavailable for an error."""
        raise NotImplementedError


class NovaWire(DeepgramWire):
    def __init__(self, socket: Any, provider: str) -> None:
        super().__init__(socket, provider)
        self._segment = 0

    async def finalise(self) -> None:
        await self._socket.send_finalize()

    async def keep_alive(self) -> float:
        await self._socket.send_keep_alive()
        return 0.0

    def _heard(self, message: Any) -> Heard | None:
        kind = getattr(message, "type", None)  # the SDK makes None of what it doesn't know
        if kind == "Error":
            raise ProviderUnavailable(self._provider, f"gave up: {message.description}")
        if kind != "Results":
            return None
        alternatives = message.channel.alternatives if message.channel else None
        text = (alternatives[0].transcript if alternatives else None) or ""
        answers = bool(message.from_finalize)
        is_final = bool(message.is_final or answers)
        ends = bool(message.speech_final)
        heard = Heard(text, self._segment, _until_s(message), is_final, answers, ends)
        self._segment += is_final
        return heard


def _until_s(message: Any) -> float:
    known = message.start is not None and message.duration is not None
    return float(message.start + message.duration) if known else math.inf


@asynccontextmanager
async def _connected(
    connecting: AbstractAsyncContextManager[Any], account: Account, language: str
) -> AsyncIterator[Any]:
    """The SDK's socket while it is open."""
    entering = asyncio.ensure_future(connecting.__aenter__())
    try:
        await asyncio.wait({entering}, timeout=CONNECT_S)
        if not entering.done():
            raise ProviderTimeout(account.provider, f"no connection within {CONNECT_S:g} s")
        if error := entering.exception():
            raise _translated(error, account, language) from error
        yield entering.result()
    finally:
        await to_the_end(_leave(connecting, entering))


async def _leave(
    connecting: AbstractAsyncContextManager[Any], entering: "asyncio.Future[Any]"
) -> None:
    await end(entering)
    if entering.cancelled() or entering.exception():
        return
    entering.result()._websocket.close_timeout = CLOSE_S
    with suppress(OSError, WebSocketException):  # it is to be closed, and so it is
        await connecting.__aexit__(None, None, None)


def _translated(error: BaseException, account: Account, language: str) -> ProviderError:
    if isinstance(error, ApiError):
        answer = getattr(error.__context__, "headers", None)  # the error has the request's own
        return account.error(
            error.status_code or 500,
            f"language “{language}”",
            retry_after=answer.get("Retry-After") if answer else None,
        )
    if isinstance(error, OSError | WebSocketException):
        return ProviderUnavailable(account.provider, f"no connection: {_brief(error)}")
    return ProviderUnavailable(account.provider, f"no connection: {type(error).__name__}")


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
