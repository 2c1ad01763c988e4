"""A saved agent reaches sessions on other servers, and those that Redis did not tell of it."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.network.client import Client
from tests.serving import Site, site
from voiceassistant import embedded

SAVE = (
    "from conversations import context, selectors; "
    "context.update(selectors.default_agent().pk, by=None, changes={'instructions': 'Be kind.'})"
)


@pytest.fixture
def folder() -> Iterator[Path]:
    """For a Redis of the test's own; its socket's path has to be short."""
    made = Path(tempfile.mkdtemp(prefix="va-"))
    yield made
    shutil.rmtree(made)
    shutil.rmtree(embedded.Place(made).sockets, ignore_errors=True)


async def save(on: Site) -> None:
    await asyncio.to_thread(on.manage, "shell", "-c", SAVE)


async def test_a_save_reaches_the_sessions_of_every_server(kept, tmp_path):
    with site(tmp_path, on_database=kept) as one, site(tmp_path, on_database=kept) as other:
        token = one.token(one.user, one.password)
        async with (
            Client(f"{one.socket_url}/voice/new?token={token}") as here,
            Client(f"{other.socket_url}/voice/new?token={token}") as there,
        ):
            for client in (here, there):
                await client.until("session")
            await save(one)
            for client in (here, there):
                assert (await client.until("context_updated"))["version"] == 2


async def test_what_redis_did_not_tell_is_made_good_within_a_turn(kept, tmp_path, folder):
    redis = embedded.start_redis(folder)
    try:
        with site(tmp_path, on_database=kept, REDIS_URL=embedded.redis_url(folder)) as running:
            token = running.token()
            async with Client(f"{running.socket_url}/voice/new?token={token}") as client:
                await client.until("session")
                embedded.stop_redis(redis)
                await save_without_redis(running, folder)
                assert client.of("context_updated") == []
                redis = embedded.start_redis(folder)
                await client.say("text", text="hello")
                await client.until("context_updated", version=2)
                await client.until("reply_ended", reply=1)
    finally:
        embedded.stop_redis(redis)


async def save_without_redis(on: Site, folder: Path) -> None:
    before = os.environ["REDIS_URL"]
    os.environ["REDIS_URL"] = embedded.redis_url(folder)
    try:
        await save(on)
    finally:
        os.environ["REDIS_URL"] = before
