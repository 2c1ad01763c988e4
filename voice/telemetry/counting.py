"""What one answered turn adds to the meters."""

from voice.telemetry.meters import Meters, meters
from voice.telemetry.report import TurnReport
from voice.telemetry.series import PARTS
from voice.wire import TurnMetrics


def count_turn(report: TurnReport) -> None:
    """The sink of the process's meters."""
    add_turn(meters(), report)


def add_turn(into: Meters, report: TurnReport) -> None:
    """How long it took, part by part, and what an answer given again saved. Who failed, what was
    used and what it cost is counted where it happens."""
    if report.error and not report.reply:
        return  # nobody heard an answer, so there is no wait for one
    _answer(into, report)
    _cache(into, report.metrics)
    if report.metrics.final and report.was_spoken:
        _parts(into, report.metrics)


def _answer(into: Meters, report: TurnReport) -> None:
    metrics = report.metrics
    beyond = metrics.capture_ms + metrics.network_ms + metrics.play_ms
    label = "spoken" if report.was_spoken else "typed"
    into.observe("answer_ms", metrics.total_ms - beyond, label)


def _parts(into: Meters, metrics: TurnMetrics) -> None:
    for part in PARTS:
        value = getattr(metrics, part)
        into.observe("turn_part_ms", value, part)
        into.observe("turn_part_of_total_ms", value, part, among=metrics.total_ms)
    into.observe("turn_part_ms", metrics.total_ms, "total_ms")


def _cache(into: Meters, metrics: TurnMetrics) -> None:
    took_ms = metrics.llm_ttft_ms + metrics.clause_ms + metrics.tts_ttfb_ms
    if not metrics.cache_hit:
        into.observe("making_ms", took_ms)
        return
    into.count("cache_hits")
    usual_ms = into.quantile("making_ms", 0.5)
    if usual_ms is not None:
        into.observe("cache_saved_ms", max(0.0, usual_ms - took_ms))
