"""When a job that failed is tried again."""

import asyncio

from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.exceptions import JobAborted
from procrastinate.jobs import Job

ATTEMPTS_MAX = 20
"""Over some ten hours: longer than a vendor or a database is usually away."""
PAUSE_MAX_S = 3600


class Patience(BaseRetryStrategy):
    """After 2 s, 4 s, 8 s … an hour at most; at once what was broken off because its worker ended.
    What failed ATTEMPTS_MAX times is given up and stays in the table as failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError | JobAborted):
            return RetryDecision(retry_in={"seconds": 0})
        if job.attempts + 1 >= ATTEMPTS_MAX:
            return None
        return RetryDecision(retry_in={"seconds": pause_s(job.attempts)})


def pause_s(attempts: int) -> int:
    """Seconds to wait after that many earlier attempts and one more."""
    return min(2 << attempts, PAUSE_MAX_S)
