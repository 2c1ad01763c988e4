"""Does jobs inside a web process, on its event loop. A process that only does jobs is the library's
own: `manage.py procrastinate worker`."""

import asyncio
from collections.abc import Callable
from time import monotonic

import psycopg
import structlog
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException

from voice.background.app import register
from voice.background.connector import CONNECT_WITHIN_S, Connector
from voice.providers.chains import Chains

log = structlog.get_logger()

PAUSE_MAX_S = 30.0
HEALTHY_S = 60.0
"""One that worked for so long did not fail in a row with the one before."""


class Worker:
    """providers: the chains of this process, for tasks that ask a language model."""

    def __init__(self, providers: Callable[[], Chains]) -> None:
        self._connector = Connector()
        self._app = App(connector=self._connector)
        register(self._app, providers)
        self._running: asyncio.Task[None] | None = None
        self._stopped = False

    async def run(self) -> None:
        """Do jobs until cancelled or stopped. A database that is away is waited for, longer each
        time."""
        self._running = asyncio.current_task()
        failures = 0
        while not self._stopped:
            started = monotonic()
            try:
                await self._work()
            except (ProcrastinateException, psycopg.Error, OSError) as error:
                log.warning("worker.database_away", error=str(error.__cause__ or error))
            failures = 1 if monotonic() - started > HEALTHY_S else failures + 1
            await asyncio.sleep(back_off_s(failures))

    async def stop(self, deadline_s: float) -> None:
        """Take no more jobs and wait for those at work, `deadline_s` at most. What is not done by
        then is left to others."""
        self._stopped = True
        if self._running and not self._running.done():
            self._running.cancel()
            await asyncio.wait([self._running], timeout=deadline_s)

    async def _work(self) -> None:
        """Until the database is lost."""
        try:
            async with asyncio.timeout(CONNECT_WITHIN_S):
                await self._app.open_async()
            await self._app.configure_task("catch_up").defer_async()
            log.info("worker.started")
            await self._do_jobs()
        finally:
            await self._app.close_async()

    async def _do_jobs(self) -> None:
        working = asyncio.create_task(self._app.run_worker_async(install_signal_handlers=False))
        self._connector.lost = working.cancel
        try:
            await asyncio.wait([working])
        finally:
            working.cancel()  # it then waits for the jobs at work, for a while
            await asyncio.wait([working])
            log.info("worker.stopped")
        if not working.cancelled():
            working.result()


def back_off_s(failures: int) -> float:
    """Seconds to wait after that many failures in a row."""
    return float(min(2 ** (failures - 1), PAUSE_MAX_S))
