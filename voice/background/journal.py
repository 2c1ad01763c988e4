"""What becomes of each job, for the log. The library's own words are kept out (logs.QUIET)."""

from time import monotonic
from typing import Any

import structlog
from procrastinate import JobContext
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

log = structlog.get_logger()


async def noted(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> Any:
    """Do the job and say how that went. Of one that is given up the library says so itself."""
    job, started = context.job, monotonic()
    try:
        result = await call_next()
    except Exception:
        log.warning(
            "job.failed", task=job.task_name, job=job.id, attempt=job.attempts + 1, exc_info=True
        )
        raise
    log.debug("job.done", task=job.task_name, job=job.id, seconds=round(monotonic() - started, 3))
    return result
