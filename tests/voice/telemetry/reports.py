"""A report on a turn, for tests of what becomes of it."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from voice.telemetry.report import ToolUse, TurnReport, Usage
from voice.wire import TurnMetrics

CONVERSATION, SESSION = UUID(int=1), UUID("a7a8de05-9e4e-4be1-8aa7-d3bd2a43c8f3")
ENDED_AT = 1_790_000_000.25

METRICS = TurnMetrics(
    turn=3,
    reply=4,
    final=True,
    vad_end_ms=320.0,
    stt_ms=80.1,
    recall_ms=12.3,
    llm_ttft_ms=210.4,
    clause_ms=55.5,
    tts_ttfb_ms=140.2,
    capture_ms=25.0,
    network_ms=31.5,
    play_ms=20.0,
    total_ms=895.0,
    cache_hit=False,
    speculated=1,
    adopted=True,
    providers={"stt": "deepgram", "llm": "groq", "tts": "cartesia"},
)
REPORT = TurnReport(
    conversation=CONVERSATION,
    session=SESSION,
    user=7,
    agent="tutor",
    context_version=12,
    turn=3,
    reply=4,
    source="model",
    was_spoken=True,
    interrupted=False,
    metrics=METRICS,
    speech_ended_at=ENDED_AT,
    ended_at=ENDED_AT + 5,
    tools=(
        ToolUse("recall", 35.5, ok=True, began_at=ENDED_AT + 0.6),
        ToolUse("web_search", 900.0, ok=False, began_at=ENDED_AT + 0.5),
    ),
    usage=Usage(heard_s=2.5, tokens_in=800, tokens_out=40, characters=160, is_estimated=False),
)


def report(**metrics: Any) -> TurnReport:
    """REPORT with these numbers."""
    return replace(REPORT, metrics=replace(METRICS, **metrics))
