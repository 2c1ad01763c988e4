"""What every simulated ear has in common: it finds words in the sound it gets, over a socket."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from websockets.asyncio.server import ServerConnection

from tests.simulators import tones
from tests.simulators.conduct import Conduct, conducted
from tests.simulators.sockets import SocketSimulator

RATE_HZ = 16_000
FRAME = 80
"""Samples; 5 ms."""
LOUD = 0.05
HUMAN_WORD_S = 0.4
"""Of loud sound: 2.5 words a second."""
PURE = 0.9
"""How much of a tone's energy lies within 40 Hz of its pitch."""
HUMAN = ("what", "is", "the", "weather", "in", "London", "today")


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start_s: float
    end_s: float

    @property
    def json(self) -> dict[str, object]:
        return {"word": self.text, "start": self.start_s, "end": self.end_s, "confidence": 0.99}


class Recognition:
    """Sound in pieces of any size → words, as soon as each is over. Pure."""

    def __init__(self, human: Sequence[str] = HUMAN) -> None:
        """human: what people say, who speak louder than silence and not in tones; "" stands for
        more of the word before."""
        self._human = itertools.cycle(human)
        self._human_s = 0.0
        self._rest = np.zeros(0)
        self._burst: list[np.ndarray] = []
        self._frames = 0

    @property
    def position_s(self) -> float:
        return (self._frames * FRAME + len(self._rest)) / RATE_HZ

    def feed(self, pcm: bytes) -> list[Word]:
        samples = np.concatenate((self._rest, np.frombuffer(pcm, "<i2") / 32767))
        end = len(samples) // FRAME * FRAME
        self._rest = samples[end:]
        return [word for frame in samples[:end].reshape(-1, FRAME) for word in self._hear(frame)]

    def flush(self) -> list[Word]:
        """The word that is being said, if there is enough of it."""
        return list(self._end_burst())

    def _hear(self, frame: np.ndarray) -> Iterator[Word]:
        self._frames += 1
        is_loud = np.abs(frame).max() > LOUD
        if is_loud:
            self._burst.append(frame)
        if not is_loud or len(self._burst) * FRAME >= HUMAN_WORD_S * RATE_HZ:
            yield from self._end_burst()

    def _end_burst(self) -> Iterator[Word]:
        if not self._burst:
            return
        samples, self._burst = np.concatenate(self._burst), []
        length_s = len(samples) / RATE_HZ
        end_s = self._frames * FRAME / RATE_HZ
        if is_tone(samples):
            quiet = np.zeros(FRAME)
            pcm = (np.concatenate((samples, quiet)) * 32767).astype("<i2").tobytes()
            for word in tones.words(pcm, RATE_HZ):
                yield Word(word, end_s - length_s, end_s)
            return
        self._human_s += length_s
        while self._human_s >= HUMAN_WORD_S:
            self._human_s -= HUMAN_WORD_S
            if word := next(self._human):
                yield Word(word, max(0.0, end_s - HUMAN_WORD_S), end_s)


def is_tone(samples: np.ndarray) -> bool:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n=RATE_HZ)) ** 2
    pitch = int(np.argmax(power))
    return power[max(0, pitch - 40) : pitch + 40].sum() > PURE * power.sum()


Say = Callable[[dict[str, Any]], None]


class Hangup(Exception):
    """The ear closes the connection."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


class Listener:
    """One connection's side of a vendor's protocol. Its methods may raise Hangup."""

    def __init__(self, simulator: "HearingSimulator", say: Say) -> None:
        self.simulator = simulator
        self.say = say
        self.recognition = Recognition(simulator.human)

    def greet(self) -> None:
        """Say what comes before any sound."""

    def hear(self, pcm: bytes) -> None:
        raise NotImplementedError

    def told(self, message: dict[str, Any]) -> None:
        raise NotImplementedError


class HearingSimulator(SocketSimulator):
    """A subclass gives `listener`. Each connection hears for itself."""

    listener: type[Listener]
    idle_s = 10.0
    """Without sound or a sign of life it hangs up."""

    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        human: Sequence[str] = HUMAN,
        cuts_after_words: int = 0,
        answers_finalise: bool = True,
    ) -> None:
        """cuts_after_words: end a segment by itself after so many words, whatever anybody wants;
        0 for never. answers_finalise: do what it is asked to when somebody has finished."""
        super().__init__(conduct)
        self.human = human
        self.cuts_after_words = cuts_after_words
        self.answers_finalise = answers_finalise
        self._heard = bytearray()
        self.messages: list[bytes] = []
        """The same, as it was cut."""
        self.told: list[str] = []
        """Types of the other messages that came."""
        self.silenced = 0
        """How often it was told to stop reading."""
        self._says: list[Say] = []

    @property
    def heard(self) -> bytes:
        """The sound of all connections in the order it came."""
        return bytes(self._heard)

    def say(self, message: dict[str, Any]) -> None:
        """Say this on the connection that was opened last, as if it were the vendor's."""
        self._says[-1](message)

    async def hang_up(self, code: int, reason: str) -> None:
        """Close every connection."""
        for socket in list(self._open):
            await socket.close(code, reason)

    def stop_reading(self) -> None:
        """Leave what comes in the network, which takes some hundred kilobytes, and then no more."""
        for socket in self._open:
            socket.transport.pause_reading()
        self.silenced += 1
        self._note()

    def drop(self) -> None:
        """Reset every connection."""
        for socket in self._open:
            socket.transport.abort()

    async def converse(self, socket: ServerConnection) -> None:
        saying: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        listener = self.listener(self, saying.put_nowait)
        self._says.append(saying.put_nowait)
        self.answering += 1
        self._note()
        listener.greet()
        tasks = {
            asyncio.create_task(self._listen(socket, listener)),
            asyncio.create_task(self._speak(socket, saying)),
        }
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        except Hangup as hangup:
            await self._drained(socket, saying)
            await socket.close(hangup.code, hangup.reason)
        finally:
            self.answering -= 1
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _listen(self, socket: ServerConnection, listener: Listener) -> None:
        while True:
            try:
                async with asyncio.timeout(self.idle_s):
                    message = await socket.recv()
            except TimeoutError:
                raise Hangup(1011, "idle for too long") from None
            if isinstance(message, bytes):
                self._heard += message
                self.messages.append(message)
                listener.hear(message)
            else:
                told = json.loads(message)
                self.told.append(told["type"])
                listener.told(told)
            self._note()

    async def _speak(
        self, socket: ServerConnection, saying: "asyncio.Queue[dict[str, Any]]"
    ) -> None:
        items = conducted(itertools.count(), lambda: self.conduct)
        while True:
            message = await saying.get()
            await anext(items)
            await socket.send(json.dumps(message))
            saying.task_done()

    async def _drained(
        self, socket: ServerConnection, saying: "asyncio.Queue[dict[str, Any]]"
    ) -> None:
        """What was said before hanging up goes out first, unless the other side has gone."""
        ends = {
            asyncio.create_task(saying.join()),
            asyncio.create_task(socket.wait_closed()),
        }
        await asyncio.wait(ends, timeout=1, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
