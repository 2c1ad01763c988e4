"""The sockets to one place that a voice keeps open, so that no sentence waits for a handshake."""

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TypeAlias

from voice.providers.protocols import SpeechChunk
from voice.providers.text import until
from voice.providers.tts.connection import Endpoint, Message, Request, Upkeep
from voice.providers.tts.context import Context
from voice.providers.tts.shared_socket import SharedSocket
from voice.providers.tts.spoken import Spoken, sayable
from voice.text.draft import Draft

logger = logging.getLogger(__name__)

DOUBLINGS_MAX = 30
"""Of the pause; more would not fit into a number after some hours."""

Asking: TypeAlias = Callable[[str, str], Sequence[Message]]
"""(what to say in one line, context id) → what opens that context and asks for all of it."""


@dataclass(frozen=True, slots=True)
class Dictation:
    """How a vendor is told a sentence bit by bit."""

    more: Callable[[str, str], Sequence[Message]]
    """(more to say in one line, context id); the first time, it opens the context."""
    end: Callable[[str], Sequence[Message]]
    """Context id → what says that this was all."""


class Reading:
    """A Request that tells a context, each time, what it has not been told of a draft."""

    def __init__(self, draft: Draft, dictation: Dictation) -> None:
        self.told = 0
        """Words."""
        self._draft = draft
        self._dictation = dictation
        self._has_ended = False

    def anew(self) -> "Reading":
        """From the beginning."""
        self.told, self._has_ended = 0, False
        return self

    def __call__(self, context: str) -> Sequence[Message]:
        messages: list[Message] = []
        line = sayable(" ".join(self._draft.words[self.told :]))
        self.told = len(self._draft.words)
        if line:
            messages += self._dictation.more(line, context)
        if self._draft.is_whole and not self._has_ended:
            self._has_ended = True
            messages += self._dictation.end(context)
        return messages


class Sockets:
    """The first is opened at first use, further ones when there is no room in those there are. One
    that is lost is opened again, as long as there was any use for it lately."""

    def __init__(self, endpoint: Endpoint, upkeep: Upkeep) -> None:
        self._endpoint = endpoint
        self._upkeep = upkeep
        self._sockets: list[SharedSocket] = []
        self._used_at = -inf
        self._losses = 0
        """In a row, without a word in between."""
        self._reopening: asyncio.TimerHandle | None = None

    def speak(self, text: str, request: Asking) -> AsyncGenerator[SpeechChunk, None]:
        """Yield `text` as sound; nothing if there is nothing to say in it. Raises ProviderError.

        A socket that was kept may have died unnoticed; then the sentence is asked for once more."""
        line = sayable(text)
        draft = Draft(text, is_whole=True)
        return self._sound(draft, Spoken(text), lambda: partial(request, line))

    async def speak_draft(
        self, draft: Draft, dictation: Dictation
    ) -> AsyncGenerator[SpeechChunk, None]:
        """The same for what is still being written. A context that the vendor ends meanwhile, since
        nothing came for long, is followed by another."""
        told, from_s = 0, 0.0

        def has_more() -> bool:
            return draft.is_whole or len(draft.words) > told

        while True:
            await until(draft, has_more)
            rest = draft.rest(told)
            if rest.is_whole and not sayable(" ".join(rest.words)):
                return
            reading, spoken = Reading(rest, dictation), Spoken(" ".join(rest.words))
            async with aclosing(self._sound(rest, spoken, reading.anew)) as sound:
                async for piece in sound:
                    yield _later(piece, from_s)
            from_s += spoken.given_s
            told += spoken.word_count_said or reading.told

    async def _sound(
        self, draft: Draft, spoken: Spoken, asking: Callable[[], Request]
    ) -> AsyncGenerator[SpeechChunk, None]:
        """asking: made anew for each context; asked again whenever the draft has grown."""
        if draft.is_whole and not sayable(" ".join(draft.words)):
            return
        request = asking()
        context = self._open(request)

        def grow() -> None:
            spoken.grow(" ".join(draft.words[spoken.word_count :]))
            context.say(request)

        stop = draft.listen(grow)
        try:
            if await context.is_stale():
                request = asking()
                context = self._open(request)
            while (said := await context.get()) is not None:
                for piece in spoken.feed(said):
                    yield piece
            for piece in spoken.rest():
                yield piece
        finally:
            stop()
            context.close()

    async def aclose(self) -> None:
        self._used_at = -inf
        if self._reopening:
            self._reopening.cancel()
            self._reopening = None
        await asyncio.gather(*(socket.aclose() for socket in self._sockets))

    def _open(self, request: Request) -> Context:
        self._used_at = asyncio.get_running_loop().time()
        with_room = (socket for socket in self._sockets if socket.has_room)
        return (next(with_room, None) or self._add()).open(request)

    def _add(self) -> SharedSocket:
        socket = SharedSocket(self._endpoint, self._upkeep, self._lost)
        self._sockets = [*(known for known in self._sockets if not known.is_gone), socket]
        return socket

    def _lost(self, socket: SharedSocket) -> None:
        """It takes no more sentences. What will not be better is not tried again."""
        self._losses = 0 if socket.has_spoken else self._losses + 1
        if (socket.trouble and not socket.trouble.retryable) or not self._is_missing():
            return
        pause_s = self._pause_s(socket)
        logger.info("%s; a new socket in %.1f s", socket.trouble or "a silent socket", pause_s)
        self._reopening = asyncio.get_running_loop().call_later(pause_s, self._reopen)

    def _pause_s(self, lost: SharedSocket) -> float:
        doubled = self._upkeep.reopen_s * 2.0 ** min(self._losses, DOUBLINGS_MAX)
        wanted_s = lost.trouble and lost.trouble.retry_after_s
        pause_s = max(min(doubled, self._upkeep.reopen_max_s), wanted_s or 0.0)
        return pause_s * random.uniform(1.0, 1.5)  # many processes lose theirs at once

    def _reopen(self) -> None:
        self._reopening = None
        if self._is_missing():
            self._add()

    def _is_missing(self) -> bool:
        """Whether there is use for a socket, none that could be used, and none on its way."""
        used_s = asyncio.get_running_loop().time() - self._used_at
        return (
            used_s < self._upkeep.unused_s
            and self._reopening is None
            and not any(socket.has_room for socket in self._sockets)
        )


def _later(piece: SpeechChunk, by_s: float) -> SpeechChunk:
    if not by_s:
        return piece
    return replace(
        piece,
        words=tuple((word, start_s + by_s) for word, start_s in piece.words),
        ends_s=tuple(end_s + by_s for end_s in piece.ends_s),
    )
