"""What is said over the wire is embedded by the process that serves, or by a worker beside it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.network.client import Client
from tests.network.kept import stored, until_stored
from tests.serving import ROOT, Site, site, stop

TEXTS = (
    "SELECT turn.text FROM conversations_passage passage"
    " JOIN conversations_turn turn ON turn.id = passage.turn_id ORDER BY turn.id"
)
JOBS = "SELECT task_name, status FROM procrastinate_jobs WHERE task_name = 'embed_turn'"


async def say_hello(to: Site) -> list[tuple[object, ...]]:
    """Returns what was said by both."""
    async with Client(f"{to.socket_url}/voice/new?token={to.token()}") as client:
        await client.say("text", text="hello")
        ended = await client.until("reply_ended", reply=1)
    return [("hello",), (ended["heard_text"],)]


async def test_a_site_embeds_what_is_said_to_it_and_goes_when_it_is_told_to(kept, tmp_path):
    with site(tmp_path, on_database=kept) as running:
        said = await say_hello(running)
        await until_stored(kept, TEXTS, said, within_s=60)

    assert stored(kept, "SELECT * FROM procrastinate_workers") == []
    assert [line for line in log(running) if line["event"] == "worker.stopped"]
    assert not [line for line in log(running) if line["level"] == "error"]


async def test_a_worker_of_its_own_does_the_same_for_a_site_without_one(kept, tmp_path):
    with site(tmp_path, on_database=kept, BACKGROUND_WORKER="false") as running:
        said = await say_hello(running)
        await until_stored(kept, JOBS, [("embed_turn", "todo")] * 2, within_s=60)
        assert stored(kept, TEXTS) == []
        with worker(kept):
            await until_stored(kept, TEXTS, said, within_s=60)


@contextmanager
def worker(url: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "WARNING"},
        text=True,
    )
    try:
        yield
    finally:
        stop(process)
    assert process.returncode == 0


def log(of: Site) -> list[dict[str, object]]:
    return [json.loads(line) for line in of.log.read_text().splitlines() if line.startswith("{")]
