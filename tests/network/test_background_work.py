"""What is said over the wire is embedded by the process that serves, or by a worker beside it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.network.client import Client
from tests.network.kept import stored, until_stored
from tests.serving import ROOT, Site, site, stop
from tests.simulators.chat import ChatSimulator
from tests.simulators.conduct import Conduct
from tests.simulators.vendors import KEY

TEXTS = (
    "SELECT turn.text FROM conversations_passage passage"
    " JOIN conversations_turn turn ON turn.id = passage.turn_id ORDER BY turn.id"
)
MODELS_JOBS = (
    "SELECT task_name, status FROM procrastinate_jobs WHERE task_name IN ('distil', 'title')"
    " ORDER BY task_name"
)
SPENT = (
    "SELECT DISTINCT name FROM conversations_rollup"
    " WHERE label = 'llm/openai' AND name LIKE 'tokens_%' AND total > 0 ORDER BY name"
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


async def test_a_worker_of_its_own_keeps_what_it_used_also_of_jobs_that_it_leaves_to_others(
    kept, tmp_path
):
    async with ChatSimulator(Conduct(item_s=60)) as model:
        with site(tmp_path, on_database=kept, BACKGROUND_WORKER="false") as running:
            await say_hello_and_hang_up(running)
        assert stored(kept, SPENT) == []  # the site itself has the offline mind only

        with worker(kept, LLM_CHAIN="openai", OPENAI_API_KEY=KEY, OPENAI_BASE_URL=model.url):
            async with asyncio.timeout(60):
                while len(model.asked) < 2:  # noqa: ASYNC110
                    await asyncio.sleep(0.1)

    assert stored(kept, SPENT) == [("tokens_in",), ("tokens_out",)]
    assert stored(kept, MODELS_JOBS) == [("distil", "todo"), ("title", "todo")]


async def say_hello_and_hang_up(to: Site) -> None:
    async with Client(f"{to.socket_url}/voice/new?token={to.token()}") as client:
        await client.say("text", text="hello")
        await client.until("reply_ended", reply=1)
        await client.say("end")
        await client.until_closed()


@contextmanager
def worker(url: str, **settings: str) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "procrastinate", "worker"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "WARNING", **settings},
        text=True,
    )
    try:
        yield
    finally:
        stop(process)
    assert process.returncode == 0


def log(of: Site) -> list[dict[str, object]]:
    return [json.loads(line) for line in of.log.read_text().splitlines() if line.startswith("{")]
