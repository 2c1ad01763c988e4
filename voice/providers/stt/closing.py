"""Closing that is not left half done when whoever closes is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work`, which ends soon by itself. Being cancelled meanwhile takes effect after it;
    the SDKs' sockets would swallow that."""
    task = asyncio.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled from task.exception()
    task.result()


async def end(*tasks: "asyncio.Future[Any] | None", patience_s: float = 0.05) -> None:
    """Cancel these until they are done. Some SDKs answer the first cancel by waiting ten seconds
    for a peer that says nothing, and wait no more at the second."""
    pending = {task for task in tasks if task and not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=patience_s)
