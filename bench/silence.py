"""Does a minute of room noise start a turn? It must not.

Over the wire, one socket for each kind of noise, all at once and at the pace of time: made noise
(pink, hum and clicks: tests/network/noise.py) at several levels, and the sound of real rooms, the
beginnings of recordings before anybody speaks, over and over. Ends with 1 where a turn was started.
A browser's gain control, which lifts noise, is not between.
Usage: python -m bench.silence [seconds]
"""

import asyncio
import sys
from dataclasses import dataclass

from bench.servers import measured_site, wait_until_warm
from bench.speech.clips import BYTES_PER_S, labels
from tests.network.client import Client, recording
from tests.network.noise import room_noise

LEVELS_DBFS = (-70, -60, -50, -40, -30)
SEED = 1
BEFORE_SPEECH_S = 0.1
"""Left out of a recording's beginning: labels do not mark the breath before the first word."""
SHORTEST_S = 0.4
AFTERWARDS_S = 2.0
"""Until a turn that the last of the noise had started would be answered."""


@dataclass(frozen=True, slots=True)
class Found:
    noise: str
    onsets: int
    captions: int
    """Of words that were understood."""
    turns: int


def real_rooms(seconds: float) -> bytes:
    """What recordings hold before anybody speaks, repeated to that length."""
    beginnings = [
        recording(name)[: int((start_s - BEFORE_SPEECH_S) * BYTES_PER_S) // 2 * 2]
        for name, start_s, _ in labels()
        if start_s - BEFORE_SPEECH_S >= SHORTEST_S
    ]
    once = b"".join(beginnings)
    wanted = int(seconds * BYTES_PER_S) // 2 * 2
    return (once * (wanted // len(once) + 1))[:wanted]


def noises(seconds: float) -> dict[str, bytes]:
    made = {
        f"pink, hum and clicks, {level} dBFS": room_noise(seconds, level_dbfs=level, seed=SEED)
        for level in LEVELS_DBFS
    }
    return made | {"real rooms": real_rooms(seconds)}


async def listen(url: str, name: str, noise: bytes) -> Found:
    async with Client(url) as client:
        await client.until("session")
        await client.speak(noise)
        await client.be_silent(AFTERWARDS_S)
    onsets = [message for message in client.of("vad_status") if message["speaking"]]
    captions = [message for message in client.of("transcript_update") if message["text"]]
    return Found(name, len(onsets), len(captions), len(client.of("reply_started")))


async def measure(url: str, seconds: float) -> list[Found]:
    return await asyncio.gather(*(listen(url, *each) for each in noises(seconds).items()))


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with measured_site(MAX_SESSIONS_PER_USER=str(len(LEVELS_DBFS) + 1)) as site:
        wait_until_warm(site)
        found = asyncio.run(measure(f"{site.socket_url}/voice/new?token={site.token()}", seconds))
    print(f"{seconds:g} s of each:")
    for each in found:
        print(
            f"{each.noise:<36} onsets of speech {each.onsets:3d}"
            f"  captions {each.captions:3d}  turns {each.turns:3d}"
        )
    sys.exit(any(each.turns for each in found))


if __name__ == "__main__":
    main()
