"""Jobs of processes that died, handed to those that live."""

from procrastinate import JobContext
from procrastinate.jobs import Status

from voice.background.app import PATIENCE, STALLED_S, tasks
from voice.background.patience import ATTEMPTS_MAX

FAILED_KEPT_H = 30 * 24
"""How long what was given up can be looked at."""


@tasks.periodic(cron="* * * * * */15")
@tasks.task(name="rescue", priority=2, pass_context=True, retry=PATIENCE)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Have jobs done again whose worker has not been heard of; give up those that were on the
    go when one process after the other died."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_S):
        if job.attempts + 1 < ATTEMPTS_MAX:
            await jobs.retry_job(job)
        else:
            await jobs.finish_job(job, Status.FAILED, delete_job=False)


@tasks.periodic(cron="47 * * * *")
@tasks.task(name="tidy", pass_context=True, retry=PATIENCE)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Delete the jobs that were given up long ago."""
    await context.app.job_manager.delete_old_jobs(
        FAILED_KEPT_H, include_failed=True, include_aborted=True
    )
