"""Where the time of each turn went: rows of a conversation → bars on one time line. Pure.

Everything comes from `Turn.metrics`, which has the fields of `turn_metrics` (docs/protocol.md) and
beside them `context_version`, `speech_ended_at`, `tools` and `usage`. What an older row lacks is
left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversations.models import Session, Turn
from voice.telemetry.series import PARTS

NAMES = {
    "vad_end_ms": "end of turn",
    "stt_ms": "speech to text",
    "recall_ms": "recall and cache",
    "llm_ttft_ms": "first token",
    "clause_ms": "first clause",
    "tts_ttfb_ms": "first audio",
    "capture_ms": "capture",
    "network_ms": "network",
    "play_ms": "playing",
}
"""As in static/dashboard/parts.js."""
SCALE = 1_000
"""The time line is so many units wide."""
SCALE_MS_MIN = 500.0
"""No time line is shorter: a quick turn is to look quick."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the wait, or a tool. Begin and width are units of SCALE."""

    part: str
    name: str
    ms: float
    begin: float
    width: float


@dataclass(frozen=True, slots=True)
class Connection:
    """One of a conversation, and where more is known of it."""

    session: Session
    trace: str
    """An address; "" where there is none."""
    is_recorded: bool
    """There is a flight record of it."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one side said; of a reply, where the wait for it went."""

    turn: Turn
    bars: Sequence[Bar]
    total_ms: float | None
    """None where nothing was measured: a user's turn, a greeting, a reply that nobody heard."""
    connection: Connection | None
    """The one that it was said over."""


def rows(turns: Sequence[Turn], connections: Sequence[Connection]) -> list[Row]:
    """One for each turn, all on one time line. connections: in the order of their opening."""
    longest_ms = max([SCALE_MS_MIN, *(_length_ms(turn) for turn in turns)])
    return [
        Row(
            turn=turn,
            bars=[*bars(turn.metrics, longest_ms), *tool_bars(turn.metrics, longest_ms)],
            total_ms=_total_ms(turn),
            connection=_at(connections, turn.started_at),
        )
        for turn in turns
    ]


def bars(metrics: Mapping[str, Any], longest_ms: float) -> list[Bar]:
    """One after the other, without those that took no time."""
    drawn, begin_ms = [], 0.0
    for part in PARTS:
        ms = float(metrics.get(part) or 0.0)
        if ms > 0:
            drawn.append(_bar(part, NAMES[part], ms, (begin_ms, begin_ms + ms), longest_ms))
        begin_ms += ms
    return drawn


def tool_bars(metrics: Mapping[str, Any], longest_ms: float) -> list[Bar]:
    """Where each was called, from the end of speech on, in the order of that; without those of
    older rows, which do not say when."""
    called = sorted(_called(metrics), key=lambda tool: float(tool["began_at"]))
    return [
        _bar(
            "tool" if tool["ok"] else "tool_failed",
            tool["name"] if tool["ok"] else f"{tool['name']}, failed",
            float(tool["ms"]),
            _span_ms(metrics, tool),
            longest_ms,
        )
        for tool in called
    ]


def _bar(part: str, name: str, ms: float, span: tuple[float, float], longest_ms: float) -> Bar:
    begin, end = (max(0.0, at) / longest_ms * SCALE for at in span)
    return Bar(part, name, ms, round(begin, 1), round(end - begin, 1))


def _called(metrics: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if "speech_ended_at" not in metrics:
        return []
    return [tool for tool in metrics.get("tools", ()) if "began_at" in tool]


def _span_ms(metrics: Mapping[str, Any], tool: Mapping[str, Any]) -> tuple[float, float]:
    """From when to when it ran. Below 0: while the user was still speaking, as it turned out."""
    began_ms = (float(tool["began_at"]) - float(metrics["speech_ended_at"])) * 1000
    return began_ms, began_ms + float(tool["ms"])


def _length_ms(turn: Turn) -> float:
    """Until the first sound, or until its last tool was done."""
    tools_ms = (_span_ms(turn.metrics, tool)[1] for tool in _called(turn.metrics))
    return max([_total_ms(turn) or 0.0, *tools_ms])


def _total_ms(turn: Turn) -> float | None:
    total = turn.metrics.get("total_ms")
    return float(total) if total else None


def _at(connections: Sequence[Connection], at: datetime) -> Connection | None:
    """The one opened last before."""
    before = [connection for connection in connections if connection.session.opened_at <= at]
    return before[-1] if before else None
