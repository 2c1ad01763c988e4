"""Lines of a job say whose they are, on the event loop as on the thread, and hold no words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import structlog
from procrastinate import App, JobContext
from structlog.testing import capture_logs

from conversations.models import Turn
from tests.voice.background.conftest import opened
from tests.voice.background.models import talked
from voice.background.app import PATIENCE
from voice.background.threads import run
from voice.store import Person

log = structlog.get_logger()
MERGED = (structlog.contextvars.merge_contextvars,)
ASKED, ANSWERED = "Zwetschgenkuchen", "Mirabellengeist"

pytestmark = pytest.mark.usefixtures("no_jobs_yet")


@asynccontextmanager
async def with_a_task() -> AsyncIterator[App]:
    """`say` says something on the event loop, then on the background thread."""
    async with opened() as app:

        @app.task(name="say", retry=PATIENCE, pass_context=True)
        async def say(context: JobContext, **about: object) -> None:
            log.info("on_the_loop")
            await run(log.info, "on_a_thread")
            if about.get("fails"):
                raise LookupError("of what it looked for")

        yield app


async def lines_of(app: App, *names: str) -> list[dict[str, object]]:
    with capture_logs(processors=MERGED) as logged:
        await app.run_worker_async(install_signal_handlers=False, wait=False)
    return [dict(line) for line in logged if line["event"] in names]


async def test_a_job_about_a_turn_names_job_task_conversation_user_and_turn(alice: Person) -> None:
    conversation = await run(talked, alice.id, ("hello", "hi"), ("and you", "well"))
    turn = await run(second_turn)
    async with with_a_task() as app:
        job = await app.configure_task("say").defer_async(turn_id=turn)

        lines = await lines_of(app, "on_the_loop", "on_a_thread")

    assert [line.pop("event") for line in lines] == ["on_the_loop", "on_a_thread"]
    ids = {"conversation": str(conversation), "user": alice.id, "turn": 2}
    assert lines == [ids | {"job": job, "task": "say", "log_level": "info"}] * 2


def second_turn() -> int:
    return Turn.objects.get(number=2, role=Turn.Role.USER).pk


async def test_one_about_a_conversation_names_its_user(alice: Person) -> None:
    conversation = await run(talked, alice.id, ("hello", "hi"))
    async with with_a_task() as app:
        await app.configure_task("say").defer_async(conversation_id=str(conversation))

        [line] = await lines_of(app, "on_the_loop")

    assert (line["conversation"], line["user"]) == (str(conversation), alice.id)
    assert "turn" not in line


async def test_what_one_job_is_about_does_not_stay_with_the_next(alice: Person) -> None:
    conversation = await run(talked, alice.id, ("hello", "hi"))
    async with with_a_task() as app:
        await app.configure_task("say").defer_async(conversation_id=str(conversation))
        await app.configure_task("say").defer_async()

        lines = await lines_of(app, "on_the_loop")

    first, line = sorted(lines, key=lambda line: int(str(line["job"])))
    assert "conversation" in first
    assert line["task"] == "say"
    assert not {"conversation", "user", "turn"} & set(line)


async def test_a_failure_is_told_with_whose_it_is(alice: Person) -> None:
    conversation = await run(talked, alice.id, ("hello", "hi"))
    async with with_a_task() as app:
        await app.configure_task("say").defer_async(conversation_id=str(conversation), fails=1)

        [line] = await lines_of(app, "job.failed")

    assert (line["task"], line["user"], line["attempt"]) == ("say", alice.id, 1)


async def test_what_the_job_was_about_may_be_gone() -> None:
    async with with_a_task() as app:
        await app.configure_task("say").defer_async(turn_id=4_000_000)

        [line] = await lines_of(app, "on_the_loop")

    assert "conversation" not in line


@pytest.mark.usefixtures("warm")
async def test_no_line_of_a_job_holds_what_was_said(alice: Person) -> None:
    await run(talked, alice.id, (f"where is my {ASKED}?", f"With the {ANSWERED}."))
    async with opened() as app:
        with capture_logs(processors=MERGED) as logged:
            await app.run_worker_async(install_signal_handlers=False, wait=False)

    assert {line["task"] for line in logged if line["event"] == "job.done"} >= {"embed_turn"}
    assert ASKED not in str(logged)
    assert ANSWERED not in str(logged)
