"""An ear that is open over a socket, whichever vendor listens at its other end.

Turn-taking is ours: `finalise` is called in a pause that our own VAD has found. It is answered
once, by the vendor or, where the vendor stays silent, here.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from websockets.exceptions import ConnectionClosed

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.protocols import Transcript
from voice.providers.stt.transcripts import Transcripts
from voice.providers.stt.wire import BYTES_PER_S, Heard, Wire

SEND_S = 5.0
ANSWER_S = 0.8
"""A finalise that is not answered by then is answered here, with what was understood so far."""
SETTLED_S = 0.3
"""Shorter than the shortest word with the silence that a finalise comes after."""
KEEP_ALIVE_S = 4.0
"""Deepgram hangs up after 10 s without sound (https://developers.deepgram.com/docs/keep-alive)."""
QUEUED_MAX = 480
"""15 s of sound in frames of 32 ms that the network has not taken. Full: the stream breaks off."""

Send = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A finalise without an answer."""

    overdue: asyncio.TimerHandle
    sent_s: float
    """Sound that was sent before it."""


class SocketStream:
    """Open inside its `async with`. Trouble comes out of `transcripts`; what is sent after it is
    ignored."""

    def __init__(self, wire: Wire, account: Account) -> None:
        """wire: connected; whoever made it closes it."""
        self._wire = wire
        self._account = account
        self._transcripts = Transcripts(account.provider)
        self._outgoing: asyncio.Queue[Send] = asyncio.Queue(QUEUED_MAX)
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._short = b""
        """Sound that is too short to be sent."""
        self._sent_s = 0.0
        self._asked: deque[_Asked] = deque()
        self._asked_s = 0.0
        """What lies before this in the sound was asked for."""
        self._given_up_s = -1.0
        """What lies before this in the sound was answered here: the vendor's word is too late."""
        self._segment = -1
        self._answered_words = 0
        """How many words of the segment have been in an answer given here."""
        self._interim = ""
        self._settled_s = -math.inf
        """How far in the sound the vendor has settled its words without being asked."""

    async def __aenter__(self) -> Self:
        work = (self._talk, partial(self._wire.hear, self._take))
        self._tasks = tuple(asyncio.create_task(self._guarded(each)) for each in work)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transcripts.close()
        self._forget_asked()
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)

    async def send(self, pcm: bytes) -> None:
        self._short += pcm
        if len(self._short) >= self._wire.message_bytes_min:
            self._send_short()

    async def finalise(self) -> None:
        if self._transcripts.ended:
            return
        if self._short:
            self._short = self._short.ljust(self._wire.message_bytes_min, b"\0")
            self._send_short()
        overdue = asyncio.get_running_loop().call_later(ANSWER_S, self._give_up)
        self._asked.append(_Asked(overdue, self._sent_s))
        if self._is_settled and len(self._asked) == 1:
            self._asked_s = self._sent_s
            self._answer_ourselves()
        elif self._sent_s > self._asked_s:
            self._asked_s = self._sent_s
            self._queue(self._wire.finalise)
        elif len(self._asked) == 1:
            self._answer_ourselves()  # there is nothing to ask for

    @property
    def _is_settled(self) -> bool:
        """The vendor has told its words of all that was said: only silence was sent since."""
        return not self._interim and self._sent_s - self._settled_s < SETTLED_S

    def transcripts(self) -> AsyncIterator[Transcript]:
        return self._transcripts.read()

    def _send_short(self) -> None:
        pcm, self._short = self._short, b""
        self._sent_s += len(pcm) / BYTES_PER_S
        self._queue(partial(self._wire.send, pcm))

    def _queue(self, send: Send) -> None:
        if self._transcripts.ended:
            return
        try:
            self._outgoing.put_nowait(send)
        except asyncio.QueueFull:
            self._fail(ProviderUnavailable(self._account.provider, "the network is too slow"))

    async def _guarded(self, work: Callable[[], Awaitable[None]]) -> None:
        provider = self._account.provider
        try:
            await work()
        except TimeoutError:
            self._fail(ProviderTimeout(provider, f"took no sound for {SEND_S:g} s"))
        except ProviderError as error:
            self._fail(error)
        except ConnectionClosed as error:
            self._fail(ProviderUnavailable(provider, f"hung up: {self._brief(error)}"))
        except Exception as error:  # an answer that makes no sense must not leave us deaf for good
            self._fail(ProviderUnavailable(provider, f"not understood: {self._brief(error)}"))

    async def _talk(self) -> None:
        """Send what is queued, and a sign of life where there is nothing to send."""
        while True:
            send = await self._next()
            async with asyncio.timeout(SEND_S):
                await send()

    async def _next(self) -> Send:
        try:
            async with asyncio.timeout(KEEP_ALIVE_S):
                return await self._outgoing.get()
        except TimeoutError:
            return self._keep_alive

    async def _keep_alive(self) -> None:
        self._sent_s += await self._wire.keep_alive()

    def _take(self, heard: Heard) -> None:
        if heard.until_s <= self._given_up_s:
            return
        if heard.ends_speech:
            self._settled_s = min(heard.until_s, self._sent_s)
        if heard.segment != self._segment:
            self._segment, self._answered_words = heard.segment, 0
        text = " ".join(heard.text.split()[self._answered_words :])
        if heard.answers_finalise and self._asked:
            self._answer(text)
        elif heard.is_final or text != self._interim:
            self._tell(Transcript(text, heard.is_final))

    def _give_up(self) -> None:
        """Wait no longer for the vendor's answer to the oldest finalise."""
        self._given_up_s = self._asked[0].sent_s
        self._answer_ourselves(is_guess=True)

    def _answer_ourselves(self, *, is_guess: bool = False) -> None:
        self._answered_words += len(self._interim.split())
        self._answer(self._interim, is_guess=is_guess)

    def _answer(self, text: str, *, is_guess: bool = False) -> None:
        """The oldest finalise, and after it those that asked for no more than it did."""
        sent_s = self._asked[0].sent_s
        while self._asked and self._asked[0].sent_s == sent_s:
            self._asked.popleft().overdue.cancel()
            self._tell(Transcript(text, True, answers_finalise=True, is_guess=is_guess))
            text = ""

    def _tell(self, transcript: Transcript) -> None:
        self._interim = "" if transcript.is_final else transcript.text
        self._transcripts.tell(transcript)

    def _fail(self, trouble: ProviderError) -> None:
        self._transcripts.fail(trouble)
        self._forget_asked()

    def _forget_asked(self) -> None:
        while self._asked:
            self._asked.popleft().overdue.cancel()

    def _brief(self, error: Exception) -> str:
        """Vendors say why they hang up, and may quote the key."""
        key = self._account.key
        said = f"{type(error).__name__}: {error}"
        return (said.replace(key, "…") if key else said)[:200]
