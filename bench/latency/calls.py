"""One call with a voice system: turn after turn, and then one interruption after the other."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bench.latency.simulated.marks import Mark, critical
from bench.latency.simulated.mind import REPLY, SHORT
from bench.latency.talking import Talker
from bench.latency.vendors import Vendors
from bench.speech.clips import BYTES_PER_S, Clip

PATIENCE_S = 3.0
"""After the end of speech; then it counts as not answered."""
REST_S = 0.8
"""After an answer has been played, before the next is asked for."""
INTO_REPLY_S = 1.0
"""Of a reply is played before it is interrupted."""


@dataclass
class Figures:
    answers_ms: list[float] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    """Recordings that were answered before their end: taken for over at a pause."""
    unanswered: list[str] = field(default_factory=list)
    decided_ms: list[float] = field(default_factory=list)
    """From our `thinking` to the answer, both seen by the client."""
    ducks_ms: list[float] = field(default_factory=list)
    stops_ms: list[float] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    """Recordings that did not interrupt."""
    parts: dict[str, list[float]] = field(default_factory=dict)
    speculated: list[int] = field(default_factory=list)
    """How often each turn was answered before it was known to be over."""
    adopted: int = 0
    """Turns that got one of those answers."""
    moments_ms: dict[Mark, list[float]] = field(default_factory=dict)
    """After the end of speech, of what led to the answer."""
    late_ms: list[float] = field(default_factory=list)
    turns: int = 0
    asked: dict[str, int] = field(default_factory=dict)


async def measure(talker: Talker, said: list[Clip], vendors: Vendors, *, stops: bool) -> Figures:
    figures = Figures()
    async with talker:
        await one_turn(talker, said[-1], vendors, Figures())  # connections open, caches fill
        await vendors.counts()
        before = len(talker.of("turn_metrics"))
        for clip in said:
            await one_turn(talker, clip, vendors, figures)
        figures.asked, figures.turns = await vendors.counts(), len(said)
        _split(talker.of("turn_metrics")[before:], figures)
        if stops:
            await interruptions(talker, said, vendors, figures)
        figures.late_ms = talker.late_ms
    if closed := talker.of("closed"):
        raise RuntimeError(f"The connection was lost: {closed}")
    return figures


def _split(turns: list[dict[str, Any]], figures: Figures) -> None:
    for metrics in turns:
        for name, value in metrics.items():
            if name.endswith("_ms"):
                figures.parts.setdefault(name, []).append(value)
        figures.speculated.append(metrics.get("speculated", 0))
        figures.adopted += metrics.get("adopted", False)


async def one_turn(talker: Talker, clip: Clip, vendors: Vendors, figures: Figures) -> None:
    talker.forget()
    await vendors.expect(clip.file)
    await vendors.marks()
    began = talker.speak(clip.pcm)
    ended = began + clip.end_s
    await talker.until(ended)
    if talker.first_audible(began) is not None:
        figures.early.append(clip.file)
        await _first_audible(talker, ended)  # the answer to the rest of it
    else:
        await _hear_answer(talker, clip, ended, vendors, figures)
    await _rest(talker)


async def _hear_answer(
    talker: Talker, clip: Clip, ended: float, vendors: Vendors, figures: Figures
) -> None:
    first = await _first_audible(talker, ended)
    if first is None:
        figures.unanswered.append(clip.file)
        return
    figures.answers_ms.append((first - ended) * 1000)
    for mark, after_s in critical(await vendors.marks(), ended, first).items():
        figures.moments_ms.setdefault(mark, []).append(after_s * 1000)
    thinking = [t.at for t in talker.told if t.message.get("state") == "thinking" and t.at > ended]
    if thinking:
        figures.decided_ms.append((first - thinking[0]) * 1000)


async def interruptions(
    talker: Talker, said: list[Clip], vendors: Vendors, figures: Figures
) -> None:
    """Each recording interrupts the answer to the one before, or, where that got none within
    PATIENCE_S, to the first."""
    await vendors.reply(len(REPLY.split()))
    await one_turn_begun(talker, said[0], vendors)
    for clip in said:
        await vendors.expect(clip.file)
        onset = talker.speak(clip.pcm[int(clip.start_s * BYTES_PER_S) // 2 * 2 :])
        ended = onset + clip.end_s - clip.start_s
        await talker.until(ended)
        ducked, stopped = talker.first("duck", onset), talker.stopped(onset)
        if ducked is not None:
            figures.ducks_ms.append((ducked - onset) * 1000)
        if stopped is None or stopped > ended:
            figures.missed.append(clip.file)
        else:
            figures.stops_ms.append((stopped - onset) * 1000)
        talker.forget()
        if not await _into_reply(talker, ended):
            await one_turn_begun(talker, said[0], vendors)
    await vendors.reply(SHORT)


async def one_turn_begun(talker: Talker, clip: Clip, vendors: Vendors) -> None:
    """Ask, and hear the beginning of the answer. Raises RuntimeError when there is none."""
    talker.forget()
    await vendors.expect(clip.file)
    began = talker.speak(clip.pcm)
    await talker.until(began + clip.end_s)
    if not await _into_reply(talker, began + clip.end_s):
        raise RuntimeError(f"There was no answer to {clip.file}.")


async def _into_reply(talker: Talker, since: float) -> bool:
    """Wait until a little of it has been played. Whether there is one."""
    first = await _first_audible(talker, since)
    if first is not None:
        await talker.until(first + INTO_REPLY_S)
    return first is not None


async def _first_audible(talker: Talker, since: float) -> float | None:
    loop = asyncio.get_running_loop()
    while (first := talker.first_audible(since)) is None:
        if loop.time() > since + PATIENCE_S:
            return None
        await asyncio.sleep(0.05)
    return first


async def _rest(talker: Talker) -> None:
    """Until all that was said has been played, and a little more."""
    loop = asyncio.get_running_loop()
    while loop.time() < (quiet_at := talker.plays_until + REST_S):
        await talker.until(quiet_at)
