"""Who is told of each turn that is over. All of them together take less than a millisecond, and
nothing is waited for."""

from collections.abc import Callable

import structlog

from voice.telemetry.counting import count_turn
from voice.telemetry.journal import turn_done
from voice.telemetry.report import TurnReport
from voice.telemetry.tracing import trace_turn

log = structlog.get_logger()

Sink = Callable[[TurnReport], None]

SINKS: tuple[Sink, ...] = (count_turn, turn_done, trace_turn)


def tell(report: TurnReport, sinks: tuple[Sink, ...] = SINKS) -> None:
    """Pass it to one after the other."""
    for sink in sinks:
        try:
            sink(report)
        except Exception:  # a mistake of ours in measuring a call must not end it
            log.exception("report.not_taken", sink=sink.__name__)
