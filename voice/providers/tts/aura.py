"""Deepgram's voice: Aura over `speak` v1. A model is a voice."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from deepgram import AsyncDeepgramClient
from deepgram.core.api_error import ApiError
from deepgram.environment import DeepgramClientEnvironment
from deepgram.speak.v1 import SpeakV1Text
from websockets.exceptions import ConnectionClosed, WebSocketException

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.failures import GARBLED
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.connection import Said
from voice.providers.tts.line import Line
from voice.providers.tts.lines import Lines
from voice.providers.tts.spoken import Spoken, sayable

TEXT_CHARS_MAX = 2_000
"""https://developers.deepgram.com/docs/tts-rest#limits"""


class Aura:
    def __init__(self, account: Account) -> None:
        self.name = account.provider
        self._account = account
        root = account.base_url.rstrip("/")
        socket_root = "ws" + root.removeprefix("http")
        client = AsyncDeepgramClient(
            api_key=account.key,
            environment=DeepgramClientEnvironment(
                base=root, production=socket_root, agent=socket_root, agent_rest=root
            ),
        )
        self._speak = client.speak.v1  # the SDK imports it now, not in a turn
        self._lines = Lines(self._connect)

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        """voice: a model, such as “aura-2-thalia-en”, whose language it speaks."""
        plain, model = sayable(text), voice or self._account.model
        if len(plain) > TEXT_CHARS_MAX:
            raise self._account.rejected(
                f"speaks {TEXT_CHARS_MAX} characters at once at most", is_ours=True
            )
        if not plain:
            return
        spoken = Spoken(text)
        with self._translated(model):
            async with self._speaking(model, plain) as line:
                while (pcm := await line.next()) is not None:
                    for piece in spoken.feed(Said(pcm=pcm)):
                        yield piece
        for piece in spoken.rest():
            yield piece

    async def aclose(self) -> None:
        """Close its connections; a later sentence opens new ones."""
        await self._lines.aclose()

    @asynccontextmanager
    async def _speaking(self, model: str, text: str) -> AsyncIterator[Line]:
        """A line that speaks the text. One that was kept may have died; it is replaced once."""
        line = self._lines.kept(model, len(text))
        try:
            if line and not await _begins(line, text):
                await self._lines.give_back(line)
                line = None
            if not line:
                line = self._lines.new(model)
                await line.begin(text)
            yield line
        finally:
            if line:
                await self._lines.give_back(line)

    def _connect(self, model: str) -> Line:
        connecting = self._speak.connect(
            model=model, encoding="linear16", sample_rate=str(OUTPUT_HZ)
        )
        return Line(self.name, model, connecting, _say)

    @contextmanager
    def _translated(self, model: str) -> Iterator[None]:
        try:
            yield
        except TimeoutError as error:
            raise ProviderTimeout(self.name, "not reached in time") from error
        except ApiError as error:
            raise self._refused(error, model) from error
        except ConnectionClosed as error:
            raise ProviderUnavailable(self.name, f"hung up: {_brief(error)}") from error
        except (OSError, WebSocketException) as error:
            raise ProviderUnavailable(self.name, f"no connection: {_brief(error)}") from error
        except GARBLED as error:
            raise ProviderUnavailable(
                self.name, f"not understood: {type(error).__name__}"
            ) from error

    def _refused(self, error: ApiError, model: str) -> ProviderError:
        """The headers in the SDK's error are those of the request."""
        headers = getattr(error.__context__, "headers", {})
        return self._account.error(
            error.status_code or 500,
            about=f"voice “{model}”",
            retry_after=headers.get("Retry-After"),
        )


async def _say(socket: Any, text: str) -> None:
    await socket.send_text(SpeakV1Text(text=text))
    await socket.send_flush()


async def _begins(line: Line, text: str) -> bool:
    try:
        await line.begin(text)
    except (ConnectionClosed, TimeoutError):
        return False
    return True


def _brief(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
