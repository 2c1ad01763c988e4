"""Traces of sessions and their turns: made when they are over, by the thread that sends them.

Free where OTEL_EXPORTER_OTLP_ENDPOINT is not set: what would send them is then not even imported.
The id of a trace is the session's, so that a link to it can be made by anybody.
"""

import asyncio
import threading
from functools import cache, partial
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from django.conf import settings

from voice.telemetry.report import TurnReport
from voice.telemetry.tracing_spans import (
    OPERATIONS,
    Models,
    SessionReport,
    session_span,
    turn_spans,
)

if TYPE_CHECKING:
    from voice.telemetry.tracing_export import Export

log = structlog.get_logger()

__all__ = ["SessionReport", "export", "flush", "link", "trace_session", "trace_turn"]


@cache
def export() -> "Export | None":
    """Who sends the spans of this process; None where nobody collects them. The first call imports
    the SDK, for a tenth of a second or more: not on the event loop."""
    if not settings.OTEL_EXPORTER_OTLP_ENDPOINT:
        return None
    from voice.telemetry.tracing_export import Export

    return Export(settings.OTEL_EXPORTER_OTLP_ENDPOINT)


def trace_turn(report: TurnReport) -> None:
    """A sink: the spans of a turn that is over."""
    if sending := export():
        sending.put(partial(turn_spans, report, _models()))


def trace_session(report: SessionReport) -> None:
    """The span that the turns of this session hang on."""
    if sending := export():
        sending.put(lambda: [session_span(report)])


def link(session: UUID) -> str:
    """The address of a session's trace, by TRACE_URL; "" where that is not set."""
    url: str = settings.TRACE_URL
    return url.replace("{trace_id}", session.hex)


async def flush(deadline_s: float) -> None:
    """Send what is waiting, for `deadline_s` at most; spans that come later are not sent."""
    sending = export()
    if sending is None:
        return
    # Nothing can end it while the collector hangs: a daemon holds the process up no longer.
    closing = threading.Thread(target=sending.close, name="traces", daemon=True)
    closing.start()
    await asyncio.to_thread(closing.join, deadline_s)
    if closing.is_alive():
        log.warning("traces.not_flushed", after_s=deadline_s)


@cache
def _models() -> Models:
    """What the settings have each provider asked for."""
    return {
        (stage, name): settings.PROVIDERS.get(f"{name}_{stage}_MODEL".upper(), "")
        for stage in OPERATIONS
        for name in getattr(settings, f"{stage.upper()}_CHAIN")
    }
