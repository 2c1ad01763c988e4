"""How the site has been doing, as numbers for a page. Pure.

Of the wait for an answer there are three bars: turns like the median one, turns like the 95th
percentile, and all of them on average. Percentiles of parts do not add up to that of the whole, so
each bar is of means: of the turns in the same bucket as that percentile of the whole, or of all.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from conversations.measures import Span
from conversations.readings import Point, Readings
from dashboard.live.sight import Sight
from voice.telemetry.series import PARTS

WAIT, TOTAL = "turn_part_ms", "total_ms"
COSTLY_MAX = 10
"""Users in the list of what they cost."""
NOTHING = dict.fromkeys(("answers", "failures", "hedges", "failovers"), 0)
Breaker = Mapping[str, Any]
"""As providers.breakers tells it."""
Drawn = dict[str, Any]


def of_sight(span: Span, sight: Sight) -> Drawn:
    """The whole page for one span."""
    figures = sight.figures.get(span)
    return {
        "span": span,
        "active": len(sight.running),
        "connected": sum(state.is_connected for state in sight.running),
        "figures": figures,
        "providers": _providers(sight.breakers, (figures or {}).get("served", {})),
    }


def of_window(readings: Readings, history: Sequence[Point], *, targets: Mapping[str, int]) -> Drawn:
    """What happened within a span of time. targets: in ms, by stage."""
    return {
        "until": readings.until.timestamp(),
        "seconds": readings.seconds,
        "wait": _wait(readings, targets),
        "turns": _by_label(readings, "turns"),
        "replies": _by_label(readings, "replies"),
        "errors": _by_label(readings, "errors"),
        "cache": _cache(readings),
        "speculations": _by_label(readings, "speculations"),
        "interruptions": _by_label(readings, "interruptions"),
        "audio": _audio(readings),
        "lag_p95_ms": _rounded(readings.quantile("loop_lag_ms", 0.95)),
        "sessions": _sessions(readings),
        "cost": _cost(readings),
        "served": _served(readings),
        "tools": _by_label(readings, "tool_calls"),
        "history": [_point(point) for point in history],
    }


# --- the wait for an answer -----------------------------------------------------------------------
def _wait(readings: Readings, targets: Mapping[str, int]) -> Drawn:
    answer = "answer_ms"
    return {
        "turns": readings.count(WAIT, TOTAL),
        "p50_ms": _rounded(readings.quantile(WAIT, 0.5, TOTAL)),
        "p95_ms": _rounded(readings.quantile(WAIT, 0.95, TOTAL)),
        "bars": {
            "p50": _bar(readings.parts(0.5)),
            "p95": _bar(readings.parts(0.95)),
            "mean": _bar({part: readings.mean(WAIT, part) or 0.0 for part in (*PARTS, TOTAL)}),
        },
        "part_p95_ms": {part: _rounded(readings.quantile(WAIT, 0.95, part)) for part in PARTS},
        "targets": dict(targets),
        "server": {
            "turns": readings.count(answer),
            "p50_ms": _rounded(readings.quantile(answer, 0.5)),
            "p95_ms": _rounded(readings.quantile(answer, 0.95)),
        },
    }


def _bar(parts: Mapping[str, float]) -> Drawn | None:
    """The parts in order, and the whole as their sum. None where nothing was measured."""
    if not any(parts.values()):
        return None
    shown = {part: round(parts.get(part, 0.0), 1) for part in PARTS}
    return {"parts": shown, "total_ms": round(sum(shown.values()), 1)}


# --- everything else ------------------------------------------------------------------------------
def _by_label(readings: Readings, name: str) -> dict[str, int]:
    return {label: readings.count(name, label) for label in readings.labels(name)}


def _cache(readings: Readings) -> Drawn:
    saved = "cache_saved_ms"
    return {
        "hits": readings.count("cache_hits"),
        "saved_ms": round(readings.total(saved)),
        "saved_each_ms": _rounded(readings.mean(saved)),
    }


def _audio(readings: Readings) -> Drawn:
    return {
        "turns": readings.count("audio_quality"),
        "quality_p50": _rounded(readings.quantile("audio_quality", 0.5)),
        "quality_p05": _rounded(readings.quantile("audio_quality", 0.05)),
        "snr_p50_db": _rounded(readings.quantile("audio_snr_db", 0.5)),
    }


def _sessions(readings: Readings) -> Drawn:
    closed = _by_label(readings, "sessions_closed")
    total = sum(closed.values())
    return {
        "opened": readings.count("sessions_opened"),
        "closed": total,
        "abnormal": closed.get("abnormal", 0),
        "normal_share": 1 - closed.get("abnormal", 0) / total if total else None,
    }


def _cost(readings: Readings) -> Drawn:
    """Dearest first."""
    return {
        "providers": _sums(readings, "cost_by_provider"),
        "users": _sums(readings, "cost_by_user")[:COSTLY_MAX],
    }


def _sums(readings: Readings, name: str) -> list[Drawn]:
    sums = [
        {"label": label, "amount": round(readings.total(name, label), 6)}
        for label in readings.labels(name)
    ]
    return sorted(sums, key=lambda one: (-one["amount"], one["label"]))


def _served(readings: Readings) -> dict[str, Drawn]:
    """What each provider did, by `stage/name`, on all servers together."""
    counted = {
        "answers": "provider_answers",
        "failures": "provider_failures",
        "hedges": "provider_hedges",
        "failovers": "failovers",
    }
    labels = {label for name in counted.values() for label in readings.labels(name)}
    return {
        label: {shown: readings.count(name, label) for shown, name in counted.items()}
        for label in sorted(labels)
    }


def _providers(breakers: Sequence[Breaker], served: Mapping[str, Drawn]) -> list[Drawn]:
    """With what each did. That is counted by provider: of several models of one, the first has it,
    and the others none."""
    first = {_label(breaker): breaker for breaker in reversed(breakers)}
    return [
        {**breaker, **(NOTHING | served.get(_label(breaker), {}))}
        if breaker is first[_label(breaker)]
        else {**breaker, **dict.fromkeys(NOTHING)}
        for breaker in breakers
    ]


def _label(breaker: Breaker) -> str:
    return f"{breaker['stage']}/{breaker['name']}"


def _point(point: Point) -> Drawn:
    return {
        "at": point.at.timestamp(),
        "turns": point.turns,
        "errors": point.errors,
        "p50_ms": _rounded(point.p50_ms),
        "p95_ms": _rounded(point.p95_ms),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
