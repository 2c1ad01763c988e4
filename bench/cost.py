"""What a talking session costs: CPU of the web process per session and second, without the work of
the providers themselves (bench/providers.py).
Each session speaks a recording, is answered for 4 s, and speaks again; so it talks, one way or the
other, all the time. CPU is the process's own time, all threads, less what it takes with no session.
Usage: python -m bench.cost [sessions [seconds]]
"""

import asyncio
import sys
import time

import psutil

from bench.figures import percentile
from bench.servers import measured_site
from tests.network.client import Client, recording
from tests.serving import Site

SETTLE_S = 15.0
"""Until warm-up is over."""
BUDGET_MS = 15.0


async def talk(url: str, index: int, until: float, answered: list[float]) -> None:
    question = recording("question_02.wav")[32_000 * 8 // 10 :]
    async with Client(url) as client:
        await asyncio.sleep(index * 0.37)
        while time.monotonic() < until:
            replies = len(client.of("reply_ended"))
            await client.speak(question[: 32_000 * 16 // 10])
            ended = time.monotonic()
            await client.be_silent(1.0)
            if first := [at for at, *_ in client.audio if at > ended]:
                answered.append((first[0] - ended) * 1000)
            while len(client.of("reply_ended")) == replies and time.monotonic() < until:
                await client.be_silent(0.2)
            client.audio.clear()


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


async def measure(site: Site, sessions: int, seconds: float) -> None:
    process = psutil.Process(site.process.pid)
    await asyncio.sleep(SETTLE_S)
    idle_before = cpu_s(process)
    await asyncio.sleep(5)
    idle_per_s = (cpu_s(process) - idle_before) / 5
    url = f"{site.socket_url}/voice/new?token={site.token()}"
    answered: list[float] = []
    until = time.monotonic() + seconds
    talking = [asyncio.create_task(talk(url, i, until, answered)) for i in range(sessions)]
    await asyncio.sleep(min(5.0, seconds / 4))
    before, began = cpu_s(process), time.monotonic()
    await asyncio.sleep(until - time.monotonic() - 1)
    used, lasted = cpu_s(process) - before, time.monotonic() - began
    await asyncio.gather(*talking)
    cost_ms = (used / lasted - idle_per_s) / sessions * 1000
    print(f"CPU per talking session and second: {cost_ms:.1f} ms (budget {BUDGET_MS:g} ms)")
    print(f"{sessions} sessions, {lasted:.0f} s; idle {idle_per_s * 1000:.1f} ms per second")
    print(
        f"end of speech → first audio: p50 {percentile(answered, 50):.0f}"
        f"  p95 {percentile(answered, 95):.0f} ms (n={len(answered)})"
    )


def main() -> None:
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    free = {"STT_CHAIN": "free", "LLM_CHAIN": "free", "TTS_CHAIN": "free"}
    with measured_site("bench/serve.py", MAX_SESSIONS_PER_USER="1000", **free) as site:
        asyncio.run(measure(site, sessions, seconds))


if __name__ == "__main__":
    main()
