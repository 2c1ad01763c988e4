"""What becomes of each job, for the log, and whose it is. The library's own words are kept out
(logs.QUIET)."""

from time import monotonic
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker
from structlog.contextvars import bind_contextvars

from voice.background.subject import subject_of

log = structlog.get_logger()


async def noted(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Do the job and say how that went; all lines from now on name the job and what it is about. Of
    one that is given up the library says so itself."""
    job, started = context.job, monotonic()
    bind_contextvars(job=job.id, task=job.task_name)  # the job is an asyncio task: they end with it
    try:
        bind_contextvars(**await subject_of(job.task_kwargs))
        result = await call_next()
    except Exception:
        log.warning("job.failed", attempt=job.attempts + 1, exc_info=True)
        raise
    log.debug("job.done", seconds=round(monotonic() - started, 3))
    return result
