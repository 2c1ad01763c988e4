"""An ear that is open over a socket, whichever vendor listens at its other end.

Turn-taking is ours: `finalise` is called in a pause that our own VAD has found. It is answered
once, by the vendor or, where the vendor stays silent, here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from types import TracebackType
from typing import Self

from websockets.exceptions import ConnectionClosed

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.protocols import Transcript
from voice.providers.stt.owed import Owed
from voice.providers.stt.transcripts import Transcripts
from voice.providers.stt.understood import Understood
from voice.providers.stt.wire import BYTES_PER_S, Heard, Wire

SEND_S = 5.0
LOOK_S, LOOKS = 0.05, 3
"""No sound from one look to the next so often: the microphone has stopped. It sends every 20 to
100 ms otherwise; and after a stall of our own, one look finds nothing new."""
KEEP_ALIVE_S = 4.0
"""Deepgram hangs up after 10 s without sound (https://developers.deepgram.com/docs/keep-alive)."""
QUEUED_MAX = 480
"""15 s of sound in frames of 32 ms that the network has not taken. Full: the stream breaks off."""

Send = Callable[[], Awaitable[None]]


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
        self._owed = Owed(self._give_up)
        self._asking: asyncio.TimerHandle | None = None
        """Looks whether the microphone has stopped."""
        self._asked_s = 0.0
        """What lies before this in the sound was asked for."""
        self._given_up_s = -1.0
        """What lies before this in the sound was answered here: the vendor's word is too late."""
        self._is_late = False
        """It was answered without any word: those that come are still wanted."""
        self._understood = Understood()

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
        self._forget_owed()
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
        self._owed.add(self._sent_s)
        self._is_late = False
        if self._understood.is_settled(self._sent_s) and len(self._owed) == 1:
            self._asked_s = self._sent_s
            self._answer_ourselves()
        elif self._sent_s > self._asked_s:
            self._asked_s = self._sent_s
            self._ask()
        elif len(self._owed) == 1:
            self._answer_ourselves()  # there is nothing to ask for

    def _ask(self) -> None:
        if not self._wire.answers_unasked:
            self._queue(self._wire.finalise)
            return
        if self._asking:
            self._asking.cancel()
        self._look_later(0)

    def _look_later(self, found_nothing: int) -> None:
        loop = asyncio.get_running_loop()
        self._asking = loop.call_later(LOOK_S, self._look, self._sent_s, found_nothing)

    def _look(self, sent_s: float, found_nothing: int) -> None:
        """Ask once no more sound goes out; until then the answer comes by itself."""
        found_nothing = found_nothing + 1 if self._sent_s == sent_s else 0
        if not self._owed:
            return
        if found_nothing == LOOKS:
            self._queue(self._wire.finalise)
        else:
            self._look_later(found_nothing)

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
            self._fail(ProviderUnavailable(provider, f"not understood: {type(error).__name__}"))

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
            self._take_late(heard)
            return
        is_news = self._understood.take(heard, sent_s=self._sent_s)
        if self._owed and heard.answers_finalise:
            self._answer(self._owed.oldest_s)
        elif self._wire.answers_unasked and self._owed.is_reached(heard.until_s):
            self._answer(heard.until_s)
        elif (
            heard.ends_speech and self._owed and self._understood.is_heard_out(self._owed.oldest_s)
        ):
            self._answer_unasked()
        elif heard.is_final or is_news:
            self._tell(is_final=heard.is_final)

    def _take_late(self, heard: Heard) -> None:
        if self._is_late and heard.is_final and heard.text:
            self._is_late = False
            self._understood.take(heard, sent_s=self._sent_s)
            self._tell(is_final=True, is_late=True)

    def _answer_unasked(self) -> None:
        """The vendor settled its words while it was being asked for them. It may have nothing left
        to say to that, and what it says is too late."""
        self._given_up_s = self._owed.oldest_s
        self._answer_ourselves()

    def _give_up(self) -> None:
        """Wait no longer for the vendor's answer to the oldest finalise."""
        self._given_up_s = self._owed.oldest_s
        self._is_late = not self._understood.text and len(self._owed) == 1
        self._answer_ourselves(is_guess=True)

    def _answer_ourselves(self, *, is_guess: bool = False) -> None:
        self._answer(self._owed.oldest_s, is_guess=is_guess)

    def _answer(self, until_s: float, *, is_guess: bool = False) -> None:
        """Every finalise that asked for the sound up to there; the oldest gets the words."""
        for _ in range(self._owed.answer(until_s)):
            self._tell(is_final=True, answers_finalise=True, is_guess=is_guess)

    def _tell(self, *, is_final: bool, **kind: bool) -> None:
        understood = self._understood
        transcript = Transcript(understood.text, is_final, turn_over=understood.turn_over, **kind)
        self._transcripts.tell(transcript)
        if is_final:
            understood.settle()

    def _fail(self, trouble: ProviderError) -> None:
        self._transcripts.fail(trouble)
        self._forget_owed()

    def _forget_owed(self) -> None:
        self._owed.clear()
        if self._asking:
            self._asking.cancel()

    def _brief(self, error: Exception) -> str:
        """Vendors say why they hang up, and may quote the key."""
        key = self._account.key
        said = f"{type(error).__name__}: {error}"
        return (said.replace(key, "…") if key else said)[:200]
