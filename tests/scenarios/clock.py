"""An event loop whose time is a number: whenever nothing is ready, it jumps to the next timer.

An hour takes as long as what happens in it, and always happens in the same order. There is no
network and there are no threads: who would have run in one is answered by `threads` instead.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

THREAD_S = 0.002
"""What a query takes."""

PASS_S = 1e-9
"""What one pass of the loop takes: where the time until something is rounded to none, it comes."""
PASSES_MAX = 100_000
"""Without a wait: somebody is going in circles."""

Threads = Callable[[Callable[..., Any]], Any]
"""The result of what a thread was to run; may raise."""


class Stuck(Exception):
    """Everybody waits for something that nobody will do."""


def no_threads(work: Callable[..., Any]) -> Any:
    raise AssertionError(f"{work} would run in a thread, where time is real")


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self, threads: Threads = no_threads) -> None:
        self._now = 0.0
        self._passes = 0
        """Since anybody waited."""
        self._threads = threads
        super().__init__(_Jumps(self._jump))

    def time(self) -> float:
        return self._now

    def timers(self) -> list[asyncio.TimerHandle]:
        """What is still to happen by itself."""
        return [handle for handle in self._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        done: asyncio.Future[Any] = self.create_future()
        self.call_later(THREAD_S, self._answer, done, partial(func, *args) if args else func)
        return done

    def _answer(self, done: asyncio.Future[Any], work: Callable[..., Any]) -> None:
        if done.cancelled():
            return
        try:
            done.set_result(self._threads(work))
        except Exception as error:
            done.set_exception(error)

    def _jump(self, seconds: float) -> None:
        self._passes = 0 if seconds > PASS_S else self._passes + 1
        if self._passes > PASSES_MAX:
            raise Stuck(f"at {self._now:.6f} s everybody is busy and nobody waits")
        self._now += seconds + PASS_S


class _Jumps(selectors.SelectSelector):
    """Waits for nothing: tells how long it would have waited."""

    def __init__(self, jump: Callable[[float], None]) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Stuck("nothing is ready, and no timer is set")
        self._jump(max(0.0, timeout))
        return []


def run(main: Coroutine[Any, Any, T], threads: Threads = no_threads) -> T:
    """Its result, at once. Raises what it raises, and Stuck."""
    with asyncio.Runner(loop_factory=partial(VirtualLoop, threads)) as runner:
        return runner.run(main)


async def sleep_until(moment: float) -> None:
    left_s = moment - asyncio.get_running_loop().time()
    if left_s > 0:
        await asyncio.sleep(left_s)
