"""The worker in a web process: what it does when a job fails, a process dies, the database goes, or
the process is to end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from procrastinate import JobContext
from procrastinate.jobs import Job

from conversations import jobs
from tests.voice.background.conftest import embedded, offline, opened, statuses
from tests.voice.background.test_embedding import talked
from voice.background.app import PATIENCE
from voice.background.connector import NAME
from voice.background.patience import ATTEMPTS_MAX, PAUSE_MAX_S, Patience, pause_s
from voice.background.worker import Worker, back_off_s

pytestmark = pytest.mark.usefixtures("no_jobs_yet", "warm")


@asynccontextmanager
async def at_work() -> AsyncIterator[Worker]:
    worker = Worker(offline)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        await worker.stop(5.0)
        assert running.done()


async def until(seen: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await seen():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def all_embedded() -> bool:
    return len(await embedded()) == 2


@database_sync_to_async
def sql(query: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


async def test_it_embeds_what_is_stored_while_it_runs():
    async with at_work():
        await talked(turns=1)

        await until(all_embedded)


async def test_one_that_was_stopped_takes_no_more_jobs():
    async with at_work() as worker:
        await talked(turns=1)
        await until(all_embedded)
        await worker.stop(5.0)
        await database_sync_to_async(jobs.defer)("embed_turn", turn_id=1)

    assert await statuses("embed_turn") == ["todo"]
    assert await sql("SELECT * FROM procrastinate_workers") == []


async def test_it_stops_before_it_has_begun():
    worker = Worker(offline)

    await worker.stop(5.0)
    async with asyncio.timeout(5):
        await worker.run()


async def test_a_database_that_hangs_up_is_gone_back_to():
    async with at_work():
        await until(registered)
        await sql(f"SELECT pg_terminate_backend(pid) {CONNECTIONS}")
        await talked(turns=1)

        await until(all_embedded)


CONNECTIONS = f"FROM pg_stat_activity WHERE application_name = '{NAME}'"


async def registered() -> bool:
    return bool(await sql("SELECT * FROM procrastinate_workers"))


async def test_the_job_of_a_process_that_died_is_done_by_another(do_all_jobs):
    await talked(turns=1)
    await die_amid_a_job()
    await database_sync_to_async(jobs.defer)("rescue", timestamp=0)

    await do_all_jobs()

    assert await all_embedded()
    assert await statuses("embed_turn") == []


async def test_a_job_during_which_one_process_after_the_other_died_is_given_up(do_all_jobs):
    await talked(turns=1)
    await die_amid_a_job()
    await sql(f"UPDATE procrastinate_jobs SET attempts = {ATTEMPTS_MAX - 1} WHERE status = 'doing'")
    await database_sync_to_async(jobs.defer)("rescue", timestamp=0)

    await do_all_jobs()

    assert await statuses("embed_turn") == ["failed"]


async def test_the_job_of_a_process_that_lives_is_left_to_it(do_all_jobs):
    await talked(turns=1)
    await die_amid_a_job()
    await sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '14 seconds'")
    await database_sync_to_async(jobs.defer)("rescue", timestamp=0)

    await do_all_jobs()

    assert await statuses("embed_turn") == ["doing"]


async def die_amid_a_job() -> None:
    """Somebody took the first job, and was last heard of 16 s ago."""
    async with opened() as app:
        worker = await app.job_manager.register_worker()
        assert await app.job_manager.fetch_job(queues=None, worker_id=worker)
    await sql("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '16 seconds'")


async def test_a_job_that_fails_is_tried_again_later_and_the_log_says_so(caplog):
    async with opened() as app:

        @app.task(name="fail", retry=PATIENCE)
        async def fail() -> None:
            raise LookupError("of what it looked for")

        await fail.defer_async()
        await app.run_worker_async(install_signal_handlers=False, wait=False)

    [(status, attempts, waits)] = await sql(
        "SELECT status, attempts, scheduled_at > now() FROM procrastinate_jobs "
        "WHERE task_name = 'fail'"
    )
    assert (status, attempts, waits) == ("todo", 1, True)
    assert "job.failed" in caplog.text


async def test_a_job_that_outlasts_the_drain_is_left_to_others_at_once():
    begun = asyncio.Event()
    async with opened() as app:

        @app.task(name="last", retry=PATIENCE)
        async def last() -> None:
            begun.set()
            await asyncio.Event().wait()

        await last.defer_async()
        working = asyncio.create_task(
            app.run_worker_async(install_signal_handlers=False, shutdown_graceful_timeout=0.1)
        )
        async with asyncio.timeout(5):
            await begun.wait()
            working.cancel()
            await asyncio.wait([working])

    [(status, is_due)] = await sql(
        "SELECT status, scheduled_at <= now() FROM procrastinate_jobs WHERE task_name = 'last'"
    )
    assert (status, is_due) == ("todo", True)


def test_a_database_that_stays_away_is_asked_less_and_less_often():
    assert [back_off_s(failures) for failures in range(1, 8)] == [1, 2, 4, 8, 16, 30, 30]


def test_patience_grows_and_ends():
    pauses = [pause_s(attempts) for attempts in range(ATTEMPTS_MAX - 1)]

    assert pauses[:4] == [2, 4, 8, 16]
    assert pauses[-1] == PAUSE_MAX_S
    assert 9 < sum(pauses) / 3600 < 11


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (ValueError(), ATTEMPTS_MAX - 2, True),
        (ValueError(), ATTEMPTS_MAX - 1, False),
        (asyncio.CancelledError(), ATTEMPTS_MAX - 1, True),
    ],
)
def test_what_was_broken_off_is_always_tried_again(error, attempts, again):
    job = Job(id=1, queue="", lock=None, queueing_lock=None, task_name="", attempts=attempts)

    decision = Patience().get_retry_decision(exception=error, job=job)

    assert (decision is not None) == again


async def test_a_task_finds_the_providers_of_its_process():
    found = []
    async with opened() as app:

        @app.task(name="ask", pass_context=True)
        async def ask(context: JobContext) -> None:
            found.append(context.additional_context["providers"])

        await ask.defer_async()
        await app.run_worker_async(install_signal_handlers=False, wait=False)

    assert found == [offline]
