"""Calls of tools, timed and counted."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from voice.telemetry.meters import meters
from voice.telemetry.report import ToolUse

UNKNOWN = "unknown"
"""What a tool is called here that there is not: models make up names."""


class Timed:
    """A call that is under way."""

    def __init__(self) -> None:
        self.has_failed = False


@contextmanager
def timed(name: str, uses: list[ToolUse], *, deadline_s: float) -> Iterator[Timed]:
    """Add this call to `uses` and to the meters when it is over. Where it is cancelled before its
    deadline, nobody waits for it any more, and that is no failure."""
    now = asyncio.get_running_loop().time
    call, began_at, is_cut = Timed(), now(), False
    try:
        yield call
    except asyncio.CancelledError:
        is_cut = now() - began_at < deadline_s
        call.has_failed = True
        raise
    finally:
        ms = round((now() - began_at) * 1000, 1)
        uses.append(ToolUse(name, ms, ok=not call.has_failed, began_at=began_at))
        _count(name, ms, has_failed=call.has_failed and not is_cut)


def _count(name: str, ms: float, *, has_failed: bool) -> None:
    into = meters()
    into.count("tool_calls", name)
    into.observe("tool_ms", ms, name)
    if has_failed:
        into.count("tool_failures", name)
        into.count("errors", "tool")
