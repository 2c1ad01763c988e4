"""The threads that queries run on: a few of their own, fewer than the connection pool has places,
so that one slow query stalls neither the event loop nor, as on Django's single shared thread, every
session.
"""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache, partial, wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

QUERY_S = 10.0
"""No query of ours takes a tenth of this; a database that needs longer is down."""


def count() -> int:
    # Two places of the pool stay free for the pages and the admin.
    return max(1, settings.DATABASE_POOL_SIZE - 2)


async def query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns, run on one of our threads. Raises TimeoutError after QUERY_S; the
    query itself goes on."""
    async with asyncio.timeout(QUERY_S):
        return await begin(function, *args, **kwargs)


def begin(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "asyncio.Future[T]":
    """Have it run on one of our threads, for as long as it takes, in the caller's context."""
    return run_on(_threads(), function, *args, **kwargs)


def run_on(
    threads: ThreadPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> "asyncio.Future[T]":
    """The same on other threads. What is logged there says whose it is, as the caller's lines do:
    the ids stand in context variables, which an executor does not hand over by itself."""
    work = partial(connected, function, *args, **kwargs)
    return asyncio.get_running_loop().run_in_executor(threads, copy_context().run, work)


def written(function: Callable[P, object]) -> Callable[P, Awaitable[None]]:
    """The same function, run by `query`; the row it returns stays behind."""

    @wraps(function)
    async def write(*args: P.args, **kwargs: P.kwargs) -> None:
        await query(function, *args, **kwargs)

    return write


def finish() -> None:
    """Wait until all that was begun is done, also what nobody waits for any more."""
    if _threads.cache_info().currsize:
        _threads().shutdown()
        _threads.cache_clear()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count(), thread_name_prefix="store")


def connected(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the function returns; a connection that is broken or too old is not met, nor left."""
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()
