"""The thread that tasks put queries and models on, so that the event loop of a web process goes on.

One is enough: it takes one of the places in the connection pool that voice.store leaves free.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import ParamSpec, TypeVar

from voice.store.threads import run_on

P = ParamSpec("P")
T = TypeVar("T")

CALL_S = 60.0
"""The model may have to be loaded first, and others may be before us."""


def finish() -> None:
    """Wait until all calls that were begun are done, also what nobody waits for any more."""
    if _thread.cache_info().currsize:
        _thread().shutdown()
        _thread.cache_clear()


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix="background")


async def run(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns, run on the one thread for background work, which every call should
    leave within a second. Raises TimeoutError after CALL_S; that and cancelling let the call itself
    go on."""
    async with asyncio.timeout(CALL_S):
        return await run_on(_thread(), function, *args, **kwargs)
