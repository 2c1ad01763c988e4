"""Spoken word to spoken answer over the wire, with the offline providers, one session.

End of speech is when the last voiced sample (labels.jsonl) was sent; the answer is the first
frame of reply audio that comes in. Barge-in is onset of the interrupting speech → `interrupted`.
Recordings are sent at the pace of speaking. Usage: python -m bench.latency [turns]
"""

import asyncio
import json
import sys
from dataclasses import dataclass, field

from bench.figures import summary
from bench.servers import measured_site
from tests.network.client import FRAME_BYTES, SPEECH, Client, recording

BYTES_PER_S = 32_000
PAUSE_S = 3.0
"""Silence after a recording: until the answer is there."""


@dataclass
class Figures:
    answers_ms: list[float] = field(default_factory=list)
    stops_ms: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    """Recordings that were answered before their end: taken for over at a pause."""
    parts: dict[str, list[float]] = field(default_factory=dict)


def labels() -> list[tuple[str, float, float]]:
    """(file, start of speech, end of speech), in seconds."""
    rows = map(json.loads, (SPEECH / "labels.jsonl").read_text().splitlines())
    return [(row["file"], row["start_s"], row["end_s"]) for row in rows]


async def measure(url: str, turns: int) -> Figures:
    figures = Figures()
    recordings = labels()
    async with Client(url) as client:
        await client.until("session")
        for turn in range(turns):
            await one_turn(client, *recordings[turn % len(recordings)], figures)
        for turn in range(turns):
            await one_interruption(client, *recordings[turn % len(recordings)], figures)
    for metrics in client.of("turn_metrics"):
        for name, value in metrics.items():
            if name.endswith("_ms"):
                figures.parts.setdefault(name, []).append(value)
    return figures


async def one_turn(client: Client, name: str, _: float, end_s: float, figures: Figures) -> None:
    loop, before = asyncio.get_running_loop(), len(client.audio)
    began = loop.time()
    await client.speak(recording(name)[: int(end_s * BYTES_PER_S) // FRAME_BYTES * FRAME_BYTES])
    ended = loop.time()
    if len(client.audio) > before:
        figures.early.append(name)
    else:
        await client.be_silent(PAUSE_S)
        first = next((at for at, *_ in client.audio[before:]), None)
        if first is None:
            figures.unanswered.append(name)
        else:
            figures.answers_ms.append((first - ended) * 1000)
    assert began < ended
    await client.say("interrupt")
    await client.be_silent(0.8)


async def one_interruption(
    client: Client, name: str, start_s: float, end_s: float, figures: Figures
) -> None:
    loop, started = asyncio.get_running_loop(), len(client.of("reply_started"))
    await client.say("text", text="What can you do?")
    await client.see(lambda: len(client.of("reply_started")) > started, "the reply")
    await client.be_silent(0.5)
    stops = len(client.of("interrupted"))
    speech = recording(name)[int(start_s * BYTES_PER_S) // 2 * 2 :]
    onset = loop.time()
    speaking = asyncio.create_task(client.speak(speech[: BYTES_PER_S * 2]))
    await client.see(lambda: len(client.of("interrupted")) > stops, "interrupted")
    figures.stops_ms.append((loop.time() - onset) * 1000)
    await speaking
    await client.say("interrupt")
    await client.be_silent(1.2)
    await client.say("interrupt")


def main() -> None:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with measured_site() as site:
        url = f"{site.socket_url}/voice/new?token={site.token()}"
        figures = asyncio.run(measure(url, turns))
    print(summary("end of speech → first reply audio at the client", figures.answers_ms))
    for name, values in figures.parts.items():
        print(summary(f"    of it, {name}", values))
    print(summary("onset of speech over a reply → interrupted", figures.stops_ms))
    print(f"answered before their end (a pause taken for it): {figures.early or 'none'}")
    print(
        f"not answered within {PAUSE_S:g} s (no words understood): {figures.unanswered or 'none'}"
    )


if __name__ == "__main__":
    main()
