"""What an adapter adds: milliseconds from asking to the first item, and of CPU for each item.

The simulators run in a process of their own and answer at once, so what is left is the SDK, the
adapter and the loopback. CPU is this process's.
Usage: python -m bench.adapters [answers of each provider]
"""

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import structlog

from bench.faults.house import KINDS, NEXT
from bench.figures import percentile
from tests.simulators import tones
from tests.simulators.conduct import Conduct
from tests.simulators.everybody import everybody
from tests.simulators.vendors import adapter
from voice.providers.probes import PROBES
from voice.providers.protocols import INPUT_HZ, OUTPUT_HZ, Message, Prompt
from voice.providers.registry import PROVIDERS

TEXT = " ".join(tones.VOCABULARY * 4)
SOUND = tones.sound(" ".join(tones.VOCABULARY[:12]), INPUT_HZ)[0]
FRAMES = len(SOUND) // 1024
"""Sent to an ear; they are its items as much as what comes back."""
SERVE = "serve"


async def serve() -> None:
    sound = cache(tones.sound)
    sound(TEXT, OUTPUT_HZ)  # so that nobody waits for it
    async with everybody(Conduct(), reply=lambda _: TEXT, sound=lambda _: sound) as vendors:
        print(json.dumps(vendors.settings), flush=True)
        await asyncio.to_thread(sys.stdin.read)


@asynccontextmanager
async def vendors() -> AsyncGenerator[dict[str, str], None]:
    """Their settings, while they run."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bench.adapters", SERVE),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield json.loads(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def think(provider: Any) -> AsyncGenerator[object, None]:
    async for token in provider.stream(Prompt("", (Message("user", "Speak."),))):
        yield token


async def speak(provider: Any) -> AsyncGenerator[object, None]:
    async for chunk in provider.speak(TEXT, voice="", language="en"):
        yield chunk


async def hear(provider: Any) -> AsyncGenerator[object, None]:
    """The connection is open already; the first item is the first transcript."""
    async with provider.open(language="en") as stream:
        for at in range(0, len(SOUND), 1024):
            await stream.send(SOUND[at : at + 1024])
        await stream.finalise()
        async for transcript in stream.transcripts():
            yield transcript
            if transcript.answers_finalise:
                return


ASK = {"think": think, "speak": speak, "hear": hear}


async def measure(stage: str, provider: Any, count: int) -> None:
    first_ms, cpu_ms = [], []
    for _ in range(count):
        began_at, began_cpu, items = time.perf_counter(), time.process_time(), 0
        async for _ in ASK[stage](provider):
            if not items:
                first_ms.append((time.perf_counter() - began_at) * 1000)
            items += 1
        items += FRAMES if stage == "hear" else 0
        cpu_ms.append((time.process_time() - began_cpu) * 1000 / items)
    name = f"{stage} {provider.name}"
    print(
        f"{name:20} first item p50 {percentile(first_ms, 50):6.1f} p95 "
        f"{percentile(first_ms, 95):6.1f} ms   each item {percentile(cpu_ms, 50):6.3f} ms of CPU"
        f"  (n={count})",
        flush=True,
    )


async def main(count: int) -> None:
    async with vendors() as settings:
        for stage, names in NEXT.items():
            kind = KINDS[stage]
            for name in names:
                url = settings[f"{PROVIDERS[kind][name].vendor}_BASE_URL"]
                provider = adapter(kind, name, url)
                await PROBES[kind](provider)
                await measure(stage, provider, count)
                await provider.aclose()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    arguments = sys.argv[1:]
    asyncio.run(serve() if arguments == [SERVE] else main(int((arguments or ["30"])[0])))
