"""What `manage.py procrastinate worker` imports: the same tasks, in a process without sessions.

Nothing is counted there but by jobs, so its figures are brought to the database after each of them.
"""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

from voice import store
from voice.background.app import register
from voice.background.journal import noted
from voice.providers.chains import chains, named
from voice.telemetry.flushing import Flusher
from voice.telemetry.meters import count, meters


@cache
def flusher() -> Flusher:
    return Flusher(meters(), store.keep_measures, wall=lambda: datetime.now(UTC))


async def flushed(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Do the job and keep what it counted, also where it failed or was broken off. What the
    database does not take comes with the next job: the clock has one every 15 s (rescue.py)."""
    try:
        return await call_next()
    finally:
        await flusher().flush()


register(app, cache(lambda: chains(named(), tell=count)))
app.worker_defaults["worker_middleware"] = [flushed, noted]
