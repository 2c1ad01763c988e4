"""Work on threads beside the test, as other processes do it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection


@contextmanager
def connected_threads() -> Iterator[ThreadPoolExecutor]:
    """Threads with database connections of their own, as other processes have them."""
    with ThreadPoolExecutor(4) as threads:
        yield threads
        barrier = threading.Barrier(4)

        def close() -> None:
            barrier.wait(5)
            connection.close()

        for done in [threads.submit(close) for _ in range(4)]:
            done.result()


def wait_until_one_waits_for_a_lock_or_is_done(done: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            [(waiting,)] = cursor.fetchall()
        if waiting or done():
            return
        pause.wait(0.01)
    raise AssertionError("Nobody came to wait within 5 s.")
