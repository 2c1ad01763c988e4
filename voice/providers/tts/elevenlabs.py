"""ElevenLabs' voices, over WebSockets that carry up to five sentences at a time.

Its SDK has no asynchronous socket for speech, so this speaks the protocol itself:
https://elevenlabs.io/docs/api-reference/text-to-speech/v-1-text-to-speech-voice-id-multi-stream-input
"""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from websockets.asyncio.client import ClientConnection

from voice.providers.account import Account
from voice.providers.errors import ProviderError
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.connection import (
    Endpoint,
    Message,
    Refusal,
    Said,
    Upkeep,
    connect,
    options,
    translated,
    unavailable,
    web_socket_root,
)
from voice.providers.tts.sockets import Dictation, Sockets
from voice.providers.tts.timing import Mark
from voice.text.draft import Draft

CONTEXTS_MAX = 5
"""A sixth, and ElevenLabs closes the socket under all of them."""
INACTIVITY_S = 180
"""After so long without a message it closes the socket; 20 unless told, and no more than this."""
WITH_LANGUAGE = ("eleven_flash_v2_5", "eleven_turbo_v2_5", "eleven_v4_turbo")
"""Models that are told the language; the others hear it from the text and refuse the parameter."""
REFUSALS = {
    r"quota|credit": 402,
    r"api.?key|unauthor|authentica|permission": 401,
    r"simultaneous|concurren|max_active|rate.?limit|too many|busy": 429,
    r"not.?found|not exist|not supported|invalid": 400,
}
"""What occurs in its own words, and the HTTP status that this stands for: on an open socket it has
nothing else to say it with, and at the door an exhausted quota is a 401 to it."""


class ElevenLabs:
    name = "elevenlabs"

    def __init__(self, account: Account, upkeep: Upkeep = Upkeep()) -> None:  # noqa: B008 (frozen)
        self._account = account
        self._upkeep = upkeep
        self._refusal = refusal(account)
        self._root = web_socket_root(account)
        self._options = options(self._root)
        self._sockets: dict[str, Sockets] = {}
        """By address: the voice is a part of it."""

    def speak(self, text: str, *, voice: str, language: str) -> AsyncGenerator[SpeechChunk, None]:
        """voice: the id of one of ElevenLabs'."""
        return self._sockets_of(voice, language).speak(text, _request)

    def speak_draft(
        self, draft: Draft, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Bit by bit into one context, each of which is flushed, or it would wait for more."""
        return self._sockets_of(voice, language).speak_draft(draft, Dictation(_more, _end))

    async def aclose(self) -> None:
        """Close its connections; a later sentence opens new ones."""
        await asyncio.gather(*(sockets.aclose() for sockets in self._sockets.values()))

    def _sockets_of(self, voice: str, language: str) -> Sockets:
        url = self._url(voice or self._account.voice, language)
        if url not in self._sockets:
            self._sockets[url] = Sockets(self._endpoint(url), self._upkeep)
        return self._sockets[url]

    def _endpoint(self, url: str) -> Endpoint:
        return Endpoint(self.name, partial(self._connect, url), _close, _sign_of_life, CONTEXTS_MAX)

    async def _connect(self, url: str) -> "_Connection":
        with translated(self._account, self._refusal):
            headers = {"xi-api-key": self._account.key}
            socket = await connect(url, additional_headers=headers, **self._options)
            return _Connection(socket, self._account)

    def _url(self, voice: str, language: str) -> str:
        query = {
            "model_id": self._account.model,
            "output_format": f"pcm_{OUTPUT_HZ}",
            "inactivity_timeout": INACTIVITY_S,
            "auto_mode": "true",
            "sync_alignment": "true",
        }
        if self._account.model.startswith(WITH_LANGUAGE):
            query["language_code"] = re.split("[-_]", language.lower())[0]
        path = f"/v1/text-to-speech/{quote(voice, safe='')}/multi-stream-input"
        return f"{self._root}{path}?{urlencode(query)}"


def _request(text: str, context: str) -> Sequence[Message]:
    """Only a context that is closed says when it has finished; what was flushed is still spoken."""
    return [{"text": " ", "context_id": context}, *_more(text, context), _close(context)]


def _more(text: str, context: str) -> Sequence[Message]:
    return [{"text": f"{text} ", "context_id": context, "flush": True}]


def _end(context: str) -> Sequence[Message]:
    return [_close(context)]


def _close(context: str) -> Message:
    return {"context_id": context, "close_context": True}


def _sign_of_life(context: str) -> Sequence[Message]:
    """A context with nothing in it: a message without one would open one that stays."""
    return [{"text": " ", "context_id": context}, _close(context)]


class _Connection:
    def __init__(self, socket: ClientConnection, account: Account) -> None:
        self._socket = socket
        self._account = account
        self._refusal = refusal(account)

    async def send(self, message: Message) -> None:
        with translated(self._account, self._refusal):
            await self._socket.send(json.dumps(message))

    async def receive(self) -> Said:
        with translated(self._account, self._refusal):
            return self._said(json.loads(await self._socket.recv()))

    async def close(self) -> None:
        await self._socket.close()

    def _said(self, message: Mapping[str, Any]) -> Said:
        context = str(message.get("contextId") or message.get("context_id") or "")
        if message.get("error"):
            said = f"{message['error']} {message.get('message') or ''}"
            error = self._refusal(said) or unavailable(self._account, "gave up", said)
            return Said(context, error=error)
        return Said(
            context,
            b64decode(message.get("audio") or "", validate=True),
            letters=_letters(message.get("alignment") or message.get("normalizedAlignment")),
            is_last=bool(message.get("isFinal") or message.get("is_final")),
        )


def _letters(alignment: Mapping[str, Any] | None) -> tuple[Mark, ...]:
    if not alignment:
        return ()
    starts_ms, durations_ms = alignment["charStartTimesMs"], alignment["charDurationsMs"]
    return tuple(
        Mark(str(char), start_ms / 1000, (start_ms + duration_ms) / 1000)
        for char, start_ms, duration_ms in zip(
            alignment["chars"], starts_ms, durations_ms, strict=True
        )
    )


def refusal(account: Account) -> Refusal:
    """What its words mean, where they mean anything in particular."""

    def meaning(said: str) -> ProviderError | None:
        for words, status in REFUSALS.items():
            if re.search(words, said, re.IGNORECASE):
                return account.error(status, said)
        return None

    return meaning
