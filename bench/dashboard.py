"""What the dashboard costs with many live sessions, and whether who looks is told everything.

CPU of the web process and of its PostgreSQL in percent of a core, while another process counts
turns (12 a second) and writes each session's state every second: nobody looks, one page of each
kind, ten of each. A page counts the numbers of the states that it was told: none may be missing.
Usage: python -m bench.dashboard [sessions [seconds]]
"""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Event

import psutil
from websockets.asyncio.client import ClientConnection, connect

from bench.servers import measured_site, wait_until_warm
from tests.serving import Site

TOPICS = (
    "topic=figures&span=5m",
    "topic=figures&span=1h",
    "topic=figures&span=1d",
    "topic=sessions",
    "topic=applied&agent=1",
)
TURNS_A_SECOND = 12
KEEP_EVERY_S = 5
SETTLE_S = 5.0


# --- the busy site --------------------------------------------------------------------------------
def feed(database_url: str, sessions: int, ready: Event) -> None:
    """In a process of its own, until it is ended."""
    os.environ |= {"DATABASE_URL": database_url, "ENV_FILE": os.devnull}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
    import django

    django.setup()
    asyncio.run(_feed(sessions, ready))


async def _feed(sessions: int, ready: Event) -> None:
    from asgiref.sync import sync_to_async
    from django.conf import settings

    from bench import traffic
    from voice.live import InRedis
    from voice.telemetry.meters import Meters

    chance, meters, live = random.Random(1), Meters(), InRedis(settings.REDIS_URL)
    await sync_to_async(traffic.past_day)(60, chance)
    ready.set()
    second = 0
    while True:
        began = time.monotonic()
        states = [traffic.state(number, chance, agent_id=1) for number in range(sessions)]
        await traffic.run_sessions(live, states)
        for _ in range(TURNS_A_SECOND):
            traffic.count(meters, traffic.report(chance.getrandbits(30), chance), chance)
        if second % KEEP_EVERY_S == 0:
            await sync_to_async(traffic.keep)(meters, datetime.now(UTC))
        second += 1
        await asyncio.sleep(max(0.0, 1.0 - (time.monotonic() - began)))


@contextmanager
def busy(site: Site, sessions: int) -> Iterator[None]:
    context = get_context("spawn")
    ready = context.Event()
    feeder = context.Process(target=feed, args=(site.database_url, sessions, ready), daemon=True)
    feeder.start()
    if not ready.wait(120):
        raise TimeoutError("The made-up traffic did not begin.")
    try:
        yield
    finally:
        feeder.terminate()
        feeder.join()


# --- the pages ------------------------------------------------------------------------------------
@dataclass
class Page:
    """One socket of the dashboard, and what it was told."""

    numbers: list[int] = field(default_factory=list)
    bytes_in: int = 0

    async def read(self, socket: ClientConnection) -> None:
        async for text in socket:
            self.numbers.append(json.loads(text)["seq"])
            self.bytes_in += len(text)
            await socket.send('{"type":"seen"}')

    @property
    def missed(self) -> int:
        told = len(self.numbers)
        return self.numbers[-1] - self.numbers[0] + 1 - told if told else -1


@asynccontextmanager
async def open_page(site: Site, topic: str, token: str) -> AsyncIterator[Page]:
    page = Page()
    url = f"{site.socket_url}/dashboard/live?{topic}&token={token}"
    async with connect(url, max_size=None, ping_interval=None) as socket:
        reading = asyncio.create_task(page.read(socket))
        try:
            yield page
        finally:
            await socket.close()
            await reading


# --- measuring ------------------------------------------------------------------------------------
def cpu_s(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def postgres(site: Site) -> list[psutil.Process]:
    """The database server of this site, with all that it started."""
    folder = str(site.log.parent)
    servers = [
        process
        for process in psutil.process_iter(["name", "cmdline"])
        if process.info["name"] == "postgres" and folder in " ".join(process.info["cmdline"] or ())
    ]
    return [one for server in servers for one in (server, *server.children(recursive=True))]


async def measure(site: Site, pages_each: int, seconds: float, token: str) -> str:
    web = [psutil.Process(site.process.pid)]
    async with AsyncExitStack() as stack:
        topics = TOPICS * pages_each
        pages = [await stack.enter_async_context(open_page(site, t, token)) for t in topics]
        await asyncio.sleep(SETTLE_S)
        database = postgres(site)
        before, began = (cpu_s(web), cpu_s(database)), time.monotonic()
        await asyncio.sleep(seconds)
        lasted, after = time.monotonic() - began, (cpu_s(web), cpu_s(database))
        used = [100 * (now - then) / lasted for then, now in zip(before, after, strict=True)]
        told = sum(len(page.numbers) for page in pages)
        sent_kb = sum(page.bytes_in for page in pages) / 1000
    missed = sum(page.missed for page in pages)
    return (
        f"{len(pages):3} pages: web process {used[0]:5.2f} % of a core,"
        f" PostgreSQL {used[1]:5.2f} %; {told} states told, {missed} missed, {sent_kb:.0f} kB"
    )


def main() -> None:
    sessions = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 60.0
    with measured_site(BACKGROUND_WORKER="false") as site:
        wait_until_warm(site)
        token = site.token()
        with busy(site, sessions):
            print(f"{sessions} sessions, {TURNS_A_SECOND} turns a second, {seconds:g} s each")
            for pages_each in (0, 1, 10):
                print(asyncio.run(measure(site, pages_each, seconds, token)), flush=True)


if __name__ == "__main__":
    main()
