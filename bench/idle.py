"""What idle sessions cost: logged in, the conversation open, not a frame sent.

Memory (RSS) of the web process and of what it started, and the CPU of both in percent of a core,
minute by minute. The row before the sockets is what the process takes anyway; what warm-up has
freed is used again by the sessions, so their own memory is more than the difference to it. The
clients answer pings, as every browser does, and send none.
Usage: python -m bench.idle [sockets [minutes]]
"""

import asyncio
import sys
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from statistics import linear_regression

import psutil

from bench.servers import measured_site, wait_until_warm
from tests.network.client import Client
from tests.serving import Site

SETTLE_S = 10.0
BEFORE_S = 20.0
MINUTE_S = 60.0
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Sample:
    at: float
    web_mib: float
    children_mib: float
    """Of the processes that the web process started: the offline ear."""
    web_cpu_s: float
    children_cpu_s: float


def take(site: Site) -> Sample:
    web = psutil.Process(site.process.pid)
    children = web.children(recursive=True)
    return Sample(
        at=time.monotonic(),
        web_mib=web.memory_info().rss / MIB,
        children_mib=sum(child.memory_info().rss for child in children) / MIB,
        web_cpu_s=cpu_s(web),
        children_cpu_s=sum(map(cpu_s, children)),
    )


def cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def row(name: str, before: Sample, now: Sample) -> str:
    lasted = now.at - before.at
    web = (now.web_cpu_s - before.web_cpu_s) / lasted * 100
    children = (now.children_cpu_s - before.children_cpu_s) / lasted * 100
    return (
        f"{name:<20} web process {now.web_mib:7.1f} MiB, CPU {web:5.2f} % of a core;"
        f"  its children {now.children_mib:7.1f} MiB, CPU {children:5.2f} %"
    )


async def watch(site: Site, name: str, seconds: float, before: Sample) -> Sample:
    await asyncio.sleep(seconds)
    now = take(site)
    print(row(name, before, now), flush=True)
    return now


async def measure(site: Site, sockets: int, minutes: int) -> None:
    url = f"{site.socket_url}/voice/new?token={site.token()}"
    await asyncio.sleep(SETTLE_S)
    before = await watch(site, "no socket", BEFORE_S, take(site))
    async with AsyncExitStack() as stack:
        clients = [await opened(stack, url) for _ in range(sockets)]
        samples = [await watch(site, f"{sockets} sockets, opening", SETTLE_S, before)]
        for minute in range(1, minutes + 1):
            samples.append(await watch(site, f"minute {minute}", MINUTE_S, samples[-1]))
        lost = sum(client.close_code is not None for client in clients)
    print(row("all minutes", samples[0], samples[-1]))
    print(f"slope of the web process's memory: {slope(samples):+.2f} MiB a minute")
    print(f"sockets lost on the way: {lost}")


async def opened(stack: AsyncExitStack, url: str) -> Client:
    client = await stack.enter_async_context(Client(url, ping_interval=None))
    await client.until("session")
    return client


def slope(samples: list[Sample]) -> float:
    times = [sample.at / MINUTE_S for sample in samples]
    return linear_regression(times, [sample.web_mib for sample in samples]).slope


def main() -> None:
    sockets = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    minutes = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    room = {"MAX_SESSIONS": str(sockets), "MAX_SESSIONS_PER_USER": str(sockets)}
    with measured_site(**room) as site:
        wait_until_warm(site)
        asyncio.run(measure(site, sockets, minutes))


if __name__ == "__main__":
    main()
