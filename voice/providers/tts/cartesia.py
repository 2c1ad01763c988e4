"""Cartesia's voices: Sonic, over one WebSocket for all who speak.

Of the SDK only its socket is used: its contexts wait for ever when the socket drops or an error
names no context, and what it calls reconnecting gives back the dead socket.
"""

import re
from base64 import b64decode
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from typing import Any

from cartesia import AsyncCartesia

from voice.providers.account import Account
from voice.providers.errors import ProviderError
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.connection import (
    Endpoint,
    Message,
    Said,
    Upkeep,
    options,
    translated,
    unavailable,
    web_socket_root,
)
from voice.providers.tts.sockets import Dictation, Sockets
from voice.providers.tts.timing import Mark
from voice.text.draft import Draft

OUTPUT = {"container": "raw", "encoding": "pcm_s16le", "sample_rate": OUTPUT_HZ}


class Cartesia:
    name = "cartesia"

    def __init__(self, account: Account, upkeep: Upkeep = Upkeep()) -> None:  # noqa: B008 (frozen)
        self._account = account
        root = web_socket_root(account)
        self._options = options(root)
        self._client = AsyncCartesia(
            api_key=account.key,
            base_url=account.base_url,
            websocket_base_url=root,
            max_retries=0,
        )
        self._speech = self._client.tts  # imports on first access
        self._sockets = Sockets(Endpoint(self.name, self._connect, _cancel), upkeep)

    def speak(self, text: str, *, voice: str, language: str) -> AsyncGenerator[SpeechChunk, None]:
        """voice: the id of one of Cartesia's."""
        request = partial(self._request, voice or self._account.voice, language)
        return self._sockets.speak(text, request)

    def speak_draft(
        self, draft: Draft, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Bit by bit into one context, so that the melody goes on."""
        request = partial(self._request, voice or self._account.voice, language)

        def more(text: str, context: str) -> Sequence[Message]:
            return [message | {"continue": True} for message in request(f"{text} ", context)]

        return self._sockets.speak_draft(draft, Dictation(more, partial(request, "")))

    async def aclose(self) -> None:
        """Close its connections; a later sentence opens new ones."""
        await self._sockets.aclose()
        await self._client.close()

    async def _connect(self) -> "_Connection":
        with translated(self._account):
            connecting = self._speech.websocket_connect(
                websocket_connection_options=self._options  # type: ignore[arg-type]
            )
            return _Connection(await connecting.enter(), self._account)

    def _request(
        self, voice: str, language: str, text: str, context: str
    ) -> Sequence[dict[str, object]]:
        request = {
            "context_id": context,
            "model_id": self._account.model,
            "transcript": text,
            "voice": {"id": voice},
            "language": re.split("[-_]", language.lower())[0],
            "output_format": OUTPUT,
            "continue": False,
            "add_timestamps": True,
            "max_buffer_delay_ms": 0,
        }
        return [request]


def _cancel(context: str) -> Message:
    return {"context_id": context, "cancel": True}


class _Connection:
    def __init__(self, socket: Any, account: Account) -> None:
        """socket: the SDK's, open."""
        self._socket = socket
        self._account = account

    async def send(self, message: Message) -> None:
        with translated(self._account):
            await self._socket.send(message)

    async def receive(self) -> Said:
        with translated(self._account):
            return self._said(await self._socket.recv())

    async def close(self) -> None:
        await self._socket.close()

    def _said(self, event: Any) -> Said:
        """The SDK checks nothing, and makes some known type of what it doesn't know."""
        kind = getattr(event, "type", None)
        context = str(getattr(event, "context_id", None) or "")
        if kind == "chunk":
            return Said(
                context, b64decode(event.data or "", validate=True), is_last=bool(event.done)
            )
        if kind == "timestamps":
            return Said(context, words=_words(event.word_timestamps))
        if kind == "error":
            return Said(context, error=self._error(event))
        return Said(context, is_last=kind == "done")

    def _error(self, event: Any) -> ProviderError:
        said = " ".join(filter(None, (event.error_code, event.title, event.message)))
        if event.status_code is None:
            return unavailable(self._account, "gave up", said)
        return self._account.error(event.status_code, said)


def _words(timestamps: Any) -> tuple[Mark, ...]:
    if timestamps is None:
        return ()
    places = zip(timestamps.words, timestamps.start, timestamps.end, strict=True)
    return tuple(Mark(str(word), float(start_s), float(end_s)) for word, start_s, end_s in places)
