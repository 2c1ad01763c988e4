"""Tasks that make the passages which recall finds turns by."""

from conversations import jobs, services
from conversations.memory import passages
from voice.background.app import PATIENCE, tasks
from voice.background.threads import run

AT_ONCE = 32
"""Turns that one job catches up with: most of a second for the model, text by text."""


@tasks.task(name="embed_turn", retry=PATIENCE)
async def embed_turn(turn_id: int) -> None:
    """Make the turn's passage, and with it those of turns that wait as well."""
    await run(_embed, turn_id)


@tasks.periodic(cron="17 * * * *")
@tasks.task(name="catch_up", retry=PATIENCE, priority=-1)
async def catch_up(timestamp: int | None = None, after: int = 0) -> None:
    """Make what is missing: of turns and facts that were stored before there were jobs or while the
    model could not be loaded. Goes on in further jobs, turn by turn from `after`.

    timestamp: when it was due, of a job that the clock deferred."""
    await run(_catch_up, after)


def _embed(turn_id: int) -> None:
    passages.embed(passages.batch_from(turn_id))


def _catch_up(after: int) -> None:
    services.embed_memories()
    ids = list(
        passages.lacking()
        .filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    passages.embed(ids)
    if ids:
        jobs.defer("catch_up", after=ids[-1])
