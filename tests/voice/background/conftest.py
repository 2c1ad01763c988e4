"""An empty table of jobs, and a worker that does what there is."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import cache

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from procrastinate import App

from conversations import embeddings
from conversations.models import Passage
from voice.background.app import register
from voice.background.connector import Connector
from voice.providers.chains import Chains, chains


@cache
def offline() -> Chains:
    """No language model: what wants one is left for later."""
    return chains({"stt": [], "llm": ["offline"], "tts": [], "search": []})


@pytest.fixture
def no_jobs_yet(transactional_db: None) -> None:
    """Django does not empty these tables between tests."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


@pytest.fixture
def warm() -> None:
    embeddings.warm_up()


@asynccontextmanager
async def opened() -> AsyncIterator[App]:
    """An app with all tasks, connected to the database."""
    app = App(connector=Connector())
    register(app, offline)
    async with app.open_async():
        yield app


@pytest.fixture
def do_all_jobs() -> Callable[[], Awaitable[None]]:
    """Does jobs until there is none that is due."""

    async def do() -> None:
        async with opened() as app:
            while await due():
                await app.run_worker_async(install_signal_handlers=False, wait=False)

    return do


@database_sync_to_async
def due() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM procrastinate_jobs "
            "WHERE status = 'todo' AND coalesce(scheduled_at <= now(), true)"
        )
        return cursor.rowcount > 0


@database_sync_to_async
def statuses(task: str) -> list[str]:
    """Of the jobs of that task which are not done, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [task]
        )
        return [status for (status,) in cursor.fetchall()]


@database_sync_to_async
def embedded() -> list[str]:
    """The texts that have a passage, in order."""
    return list(Passage.objects.order_by("pk").values_list("turn__text", flat=True))
