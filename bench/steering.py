"""How soon every idle session goes by an agent that was saved: from the save to the last session's
acknowledgement, sessions spread over two servers that share one database and one Redis.

The saves are made in a third process, as an admin's are; the acknowledgements are read from the
channel layer there, so all of the way is in the figure.
Usage: python -m bench.steering [sessions [saves]]
"""

import asyncio
import os
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from bench.figures import summary
from bench.servers import measured_site, wait_until_warm
from tests.network.client import Client
from tests.serving import ROOT, Site, site

ACKS_S = 5.0
PAUSE_S = 0.5
"""Between two saves."""


# --- in the process that saves --------------------------------------------------------------------
async def save_and_wait(sessions: int, saves: int) -> None:
    """Print, for each save, the milliseconds to the last acknowledgement and how many came."""
    from channels.db import database_sync_to_async
    from channels.layers import get_channel_layer

    from conversations import context, selectors
    from voice import steering

    agent = await database_sync_to_async(selectors.default_agent)()
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(steering.ACKS, channel)
    for number in range(saves):
        changes = {"instructions": f"Be brief. {number}"}
        saved_at = time.monotonic()
        change = await database_sync_to_async(context.update)(agent.pk, by=None, changes=changes)
        assert change is not None
        acks = 0
        try:
            async with asyncio.timeout(ACKS_S):
                while acks < sessions:
                    acks += (await layer.receive(channel))["version"] == change.version
        except TimeoutError:
            pass  # told by the count
        print((time.monotonic() - saved_at) * 1000, acks, flush=True)
        await asyncio.sleep(PAUSE_S)


def saving_process(sessions: int, saves: int, database_url: str) -> list[tuple[float, int]]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.steering", "--save", str(sessions), str(saves)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url, "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = (line.split() for line in done.stdout.splitlines())
    return [(float(ms), int(acks)) for ms, acks in rows]


# --- the sessions ---------------------------------------------------------------------------------
async def measure(servers: list[Site], sessions: int, saves: int) -> list[tuple[float, int]]:
    token = await asyncio.to_thread(servers[0].token)
    async with AsyncExitStack() as stack:
        for number in range(sessions):
            url = f"{servers[number % len(servers)].socket_url}/voice/new?token={token}"
            client = await stack.enter_async_context(Client(url, ping_interval=None))
            await client.until("session")
        await asyncio.sleep(2.0)
        return await asyncio.to_thread(saving_process, sessions, saves, servers[0].database_url)


def main(sessions: int, saves: int) -> None:
    room = {"MAX_SESSIONS": str(sessions), "MAX_SESSIONS_PER_USER": str(sessions)}
    with measured_site(**room) as first:
        folder = Path(first.log).parent
        with site(folder, on_database=first.database_url, **room) as second:
            for server in (first, second):
                wait_until_warm(server)
            rows = asyncio.run(measure([first, second], sessions, saves))
    print(summary(f"save → {sessions} sessions on two servers", [ms for ms, _ in rows]))
    print(f"saves: {len(rows)}; not acknowledged by all: {sum(a < sessions for _, a in rows)}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--save"]:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
        django.setup()
        asyncio.run(save_and_wait(int(sys.argv[2]), int(sys.argv[3])))
    else:
        numbers = [int(argument) for argument in sys.argv[1:]]
        main(*numbers, *(50, 40)[len(numbers) :])
