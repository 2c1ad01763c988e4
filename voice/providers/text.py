"""Texts on their way to a vendor."""

import asyncio
from collections.abc import Callable

from voice.text.draft import Draft


def sendable(text: str) -> str:
    """Without half surrogate pairs, which a model may write and UTF-8 can't carry."""
    return text.encode(errors="replace").decode()


async def until(draft: Draft, is_enough: Callable[[], bool]) -> None:
    """Return once the draft has grown so far. Who writes it finishes it, whatever happens."""
    grown = asyncio.Event()
    stop = draft.listen(grown.set)
    try:
        while not is_enough():
            grown.clear()
            await grown.wait()
    finally:
        stop()
