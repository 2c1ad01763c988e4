"""Are the words that are kept of an interrupted reply those that were played?

Replies by espeak, each through a Reply to a client that plays at the pace of time and is silenced
at a random moment. What espeak says of its words is the truth; the reply itself is told it (times),
or nothing (no times), or nothing and gets silence around each sentence as cloud voices give it
(padded). Captions are compared as they come. Ends with 1 where a text was off by two words: any of
those with times, more than one in a hundred of the others.
Usage: python -m bench.heard [interruptions of each kind] [seed]
"""

import asyncio
import random
import re
import sys
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import structlog

from bench.figures import summary
from voice.audio import pcm
from voice.providers.failover.deadlines import SPEAK
from voice.providers.failover.member import Member
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.offline import Espeak
from voice.replying.playing import Playing
from voice.replying.reply import Reply
from voice.replying.script import Script
from voice.replying.voicing import Voice
from voice.text.pronunciation import Pronunciation
from voice.turns.events import Event, ReplyReady
from voice.turns.playhead import Playhead

REPLIES = """
Sure, I can help with that. | The train to the airport leaves every [20|20] minutes from platform \
[4,|4,] and it takes a little less than half an hour. | Shall I look up the next one?
It costs [$5.50|5 dollars and 50 cents] today, which is [15%|15 percent] less than last week. | If \
you order before [3:30 PM,|3 30 P M,] it arrives tomorrow.
**Photosynthesis** is how plants turn light, water and carbon dioxide into sugar and oxygen. | It \
happens in the leaves – mostly in the morning – and it needs no soil at all. 🎉
Have a look at [https://www.example.org/trains/today?x=1|example dot org] for the timetable. | It \
was last changed on [2024-03-05.|March 5, 2024.]
No, not yet. | Honestly, I think that the second option is better, since it costs less and takes \
half the time; but it is up to you. | Nguyen would know.
You have three meetings tomorrow: one with Anna at nine, one with the whole team at eleven, and a \
call with London in the evening.
""".strip().replace("Nguyen", "[Nguyen|win]")
"""A line is a reply; "|" ends a sentence; [as it is written|as it is said]."""
KINDS = ("times", "no times", "padded")
SILENCE_S = 0.25
"""At most, before a padded sentence and behind it."""
LEAD_MS = 600.0
LATENCY_S = 0.08
"""From a frame to the ear, and from a report to us."""
REPORT_EVERY_S = 0.25
AT_ONCE = 50
LOUD = 500


@dataclass(frozen=True)
class Line:
    """A sentence, word by word: as it is written, and as it is said."""

    words: tuple[tuple[str, str], ...]

    @classmethod
    def read(cls, text: str) -> "Line":
        pairs = re.findall(r"\[([^|\]]+)\|([^\]]+)\]|(\S+)", text)
        return cls(tuple((a or c, b if a else _bare(c)) for a, b, c in pairs))

    @property
    def written(self) -> str:
        return " ".join(written for written, _ in self.words)


def _bare(word: str) -> str:
    """Without markup; "" for what has no sound."""
    bare = word.replace("*", "")
    return bare if any(char.isalnum() for char in bare) or bare == "–" else ""


@dataclass
class Told:
    """What the voice said of a sentence as it spoke it."""

    starts: list[int] = field(default_factory=list)
    sound: bytes = b""

    def middles(self, line: Line) -> list[float]:
        """Where the middle of each written word is; of one without sound, that of the next."""
        samples = np.abs(np.frombuffer(self.sound, "<i2").astype(np.int32))
        bounds = [*self.starts, len(samples)]
        found: list[float | None] = []
        at = 0
        for _, said in line.words:
            count = len(said.split())
            if not any(char.isalnum() for char in said):
                found.append(None)
            elif at + count < len(bounds):
                begin, end = bounds[at], bounds[at + count]
                loud = np.flatnonzero(samples[begin:end] > LOUD)
                found.append(begin + (int(loud[-1]) if loud.size else end - begin) / 2)
            else:  # not made yet
                found.append(np.inf)
            at += count
        nearest = found[-1] if found[-1] is not None else self._last(found)
        filled = []
        for middle in reversed(found):
            nearest = nearest if middle is None else middle
            filled.append(nearest)
        return filled[::-1]

    @staticmethod
    def _last(found: Sequence[float | None]) -> float:
        return [middle for middle in found if middle is not None][-1]


@dataclass
class Telling:
    """espeak, whose times are noted, and passed on or not."""

    kind: str
    chance: random.Random
    name: str = "espeak"
    told: list[Told] = field(default_factory=list)

    @cached_property
    def _voice(self) -> Espeak:
        return Espeak()

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        told = Told()
        self.told.append(told)
        before_s = self._silence_s()
        async for chunk in self._around(before_s, text, language):
            told.sound += chunk.pcm
            told.starts += [round((at_s + before_s) * OUTPUT_HZ) for _, at_s in chunk.words]
            yield chunk if self.kind == "times" else replace(chunk, words=())

    async def _around(
        self, before_s: float, text: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        if before_s:
            yield SpeechChunk(pcm.silence(before_s, OUTPUT_HZ))
        async for chunk in self._voice.speak(text, voice="", language=language):
            yield chunk
        if silence_s := self._silence_s():
            yield SpeechChunk(pcm.silence(silence_s, OUTPUT_HZ))

    def _silence_s(self) -> float:
        return self.chance.uniform(0, SILENCE_S) if self.kind == "padded" else 0.0


class Client:
    """Plays what it gets, and says how far it has come. The Listener of its reply."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.captions: list[tuple[float, int, str]] = []
        """(when, what had been played, what it said)"""
        self.reply: Reply
        self._received = 0
        self._began_at = 0.0

    def now(self) -> float:
        return self._loop.time()

    def emit(self, event: Event) -> None:
        if isinstance(event, ReplyReady):
            self.reply.release(1)

    async def attached(self) -> None:
        return None

    async def stalled(self) -> None:
        raise AssertionError("a client that plays does not stall")

    async def send_audio(self, reply: int, sample: int, sound: bytes) -> None:
        if not self._received:
            self._began_at = self.now() + LATENCY_S
        self._received += len(sound) // 2

    async def caption(self, reply: Reply) -> None:
        self.captions.append((self.now(), self.played(), reply.text))

    def played(self) -> int:
        if not self._received:
            return 0
        return max(0, min(self._received, int((self.now() - self._began_at) * OUTPUT_HZ)))

    async def report(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            self._loop.call_later(LATENCY_S, self.report_once, self.played())

    def report_once(self, played: int) -> None:
        self.reply.playhead.report(played, underruns=0, now=self.now())


@dataclass(frozen=True)
class Outcome:
    off: int
    """Words that were kept and not played; negative: played and not kept."""
    is_begin: bool
    """What was kept is the beginning of what was written."""
    captions_off: list[int]
    caption_gaps_s: list[float]


async def interrupted(kind: str, lines: Sequence[Line], chance: random.Random) -> Outcome:
    telling, client = Telling(kind, chance), Client()
    chain = SpeakingChain([Member("espeak", telling, Vitals("bench/espeak", SPEAK))])
    voice = Voice(chain, "", "en", Pronunciation({"Nguyen": "win"}))
    script = Script.of([line.written for line in lines])
    reply = Reply(1, 1, script, voice=voice, playhead=Playhead(LEAD_MS), now=client.now)
    client.reply = reply
    async with asyncio.TaskGroup() as tasks:
        playing = tasks.create_task(Playing(reply, client).run())
        reporting = tasks.create_task(client.report())
        await asyncio.wait([playing], timeout=chance.uniform(0.3, 10.0))
        playing.cancel()
        reporting.cancel()
        played = client.played()
        reply.playhead.stopped_at = client.now()
        await asyncio.sleep(LATENCY_S)
        client.report_once(played)
    heard = reply.heard().split()
    truth = _played(lines, telling.told, played)
    written = " ".join(line.written for line in lines).split()
    times = [at for at, _, _ in client.captions]
    return Outcome(
        len(heard) - truth,
        heard == written[: len(heard)],
        [len(text.split()) - _played(lines, telling.told, at) for _, at, text in client.captions],
        [later - earlier for earlier, later in pairwise(times)],
    )


def _played(lines: Sequence[Line], told: Sequence[Told], played: int) -> int:
    count, first = 0, 0
    for line, sentence in zip(lines, told, strict=False):
        count += sum(first + middle <= played for middle in sentence.middles(line))
        first += len(sentence.sound) // 2
    return count


async def run(kind: str, count: int, seed: int) -> bool:
    replies = [[Line.read(part) for part in row.split(" | ")] for row in REPLIES.split("\n")]
    chance = random.Random(f"{seed} {kind}")
    outcomes: list[Outcome] = []
    for at in range(0, count, AT_ONCE):
        work = [
            interrupted(kind, chance.choice(replies), random.Random(chance.random()))
            for _ in range(min(AT_ONCE, count - at))
        ]
        outcomes += await asyncio.gather(*work)
    off = Counter(outcome.off for outcome in outcomes)
    print(f"{kind}: words kept that were not played  ", dict(sorted(off.items())))
    lag = [abs(each) for outcome in outcomes for each in outcome.captions_off]
    print(summary("  captions, words off when they come", lag, "words"))
    gaps = [gap * 1000 for outcome in outcomes for gap in outcome.caption_gaps_s]
    print(summary("  between two captions", gaps), f"  least {min(gaps):.0f}")
    wrong = sum(abs(outcome.off) > 1 or not outcome.is_begin for outcome in outcomes)
    return wrong <= (0 if kind == "times" else count / 100)


async def main(count: int = 200, seed: int = 1) -> None:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    good = [await run(kind, count, seed) for kind in KINDS]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main(*map(int, sys.argv[1:])))
