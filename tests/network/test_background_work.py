"""What is said over the wire is embedded by the process that serves, or by a worker beside it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.network.client import Client
from tests.serving import ROOT, Site, database, site, stop

TEXTS = (
    "SELECT turn.text FROM conversations_passage passage"
    " JOIN conversations_turn turn ON turn.id = passage.turn_id ORDER BY turn.id"
)
JOBS = "SELECT task_name, status FROM procrastinate_jobs WHERE task_name = 'embed_turn'"


@pytest.fixture
def kept(postgres: None, redis: None) -> Iterator[str]:
    """A database that outlives the site."""
    with database() as url:
        yield url


def stored(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


async def until(url: str, query: str, wanted: list[tuple[object, ...]]) -> None:
    async with asyncio.timeout(60):
        while await asyncio.to_thread(stored, url, query) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def say_hello(to: Site) -> list[tuple[object, ...]]:
    """Returns what was said by both."""
    async with Client(f"{to.socket_url}/voice/new?token={to.token()}") as client:
        await client.say("text", text="hello")
        ended = await client.until("reply_ended", reply=1)
    return [("hello",), (ended["heard_text"],)]


async def test_a_site_embeds_what_is_said_to_it_and_goes_when_it_is_told_to(kept, tmp_path):
    with site(tmp_path, on_database=kept) as running:
        said = await say_hello(running)
        await until(kept, TEXTS, said)

    assert stored(kept, "SELECT * FROM procrastinate_workers") == []
    assert [line for line in log(running) if line["event"] == "worker.stopped"]
    assert not [line for line in log(running) if line["level"] == "error"]


async def test_a_worker_of_its_own_does_the_same_for_a_site_without_one(kept, tmp_path):
    with site(tmp_path, on_database=kept, BACKGROUND_WORKER="false") as running:
        said = await say_hello(running)
        await until(kept, JOBS, [("embed_turn", "todo")] * 2)
        assert stored(kept, TEXTS) == []
        with worker(kept):
            await until(kept, TEXTS, said)


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
