"""Every figure that is kept, by its name: the catalogue that the dashboard, the metrics and the
alerts share. A name that does not stand here is refused.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["counter", "histogram"]


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    kind: Kind
    help: str
    """One sentence."""
    unit: str = ""
    """Of its values; "" where it counts how often something happened."""
    label: str = ""
    """What its label names; "" where it has none."""
    values: tuple[str, ...] = ()
    """Of its label, those that are always told of: a share needs both its sides."""
    is_exposed: bool = True
    """In /metrics, where a label that takes a value for each user has no place."""


PARTS = (
    "vad_end_ms",
    "stt_ms",
    "recall_ms",
    "llm_ttft_ms",
    "clause_ms",
    "tts_ttfb_ms",
    "capture_ms",
    "network_ms",
    "play_ms",
)
"""From the end of speech to the first sound at the user's ear, in order; together they are
total_ms."""
TARGET_PARTS = {
    "hear": "stt_ms",
    "first_token": "llm_ttft_ms",
    "voice": "tts_ttfb_ms",
    "turn": "total_ms",
}
"""The part that each target of gauges.TARGETS is for, at the 95th percentile."""

_ALL = (
    # --- how long people wait ---
    Series(
        "turn_part_ms",
        "histogram",
        "What each part of the wait for an answer took, and total_ms the whole, of spoken turns "
        "whose client said when it was heard.",
        unit="ms",
        label="part",
    ),
    Series(
        "turn_part_of_total_ms",
        "histogram",
        "The same parts, each counted in the bucket of its turn's total_ms: what turns that took "
        "so long consisted of.",
        unit="ms",
        label="part",
        is_exposed=False,
    ),
    Series(
        "answer_ms",
        "histogram",
        "End of speech or typing to the first sound of the answer leaving the server, of all "
        "turns, whatever their client says.",
        unit="ms",
        label="turn",
    ),
    Series(
        "making_ms",
        "histogram",
        "First token, first clause and first sound of answers that a model gave: what an answer "
        "given again saves.",
        unit="ms",
    ),
    # --- what was said ---
    Series(
        "turns",
        "counter",
        "Turns of users, spoken or typed.",
        label="turn",
        values=("spoken", "typed"),
    ),
    Series(
        "replies",
        "counter",
        "Replies that were heard: of a model, from the cache, greetings, and those that went on "
        "after a dropped connection.",
        label="source",
    ),
    Series(
        "errors",
        "counter",
        "Trouble that somebody in a conversation could notice: nobody could hear (stt), no whole "
        "answer (llm), no whole voice (tts), a tool that failed (tool), a transcript not kept "
        "(store), a session that broke (session).",
        label="stage",
        values=("stt", "llm", "tts", "tool", "store", "session"),
    ),
    Series("tool_calls", "counter", "Calls of tools by the model.", label="tool"),
    Series("tool_failures", "counter", "Those that failed or were late.", label="tool"),
    Series("tool_ms", "histogram", "How long they took.", unit="ms", label="tool"),
    Series("cache_hits", "counter", "Answers given again."),
    Series(
        "cache_saved_ms",
        "histogram",
        "What an answer given again saved: the median of making_ms in this process so far, less "
        "what this one took; none is counted before a model has answered.",
        unit="ms",
    ),
    Series(
        "speculations",
        "counter",
        "Answers begun before the turn was known to be over, and those of them that answered it.",
        label="outcome",
        values=("begun", "adopted"),
    ),
    Series(
        "interruptions",
        "counter",
        "Somebody spoke over a reply, or stopped it. true: it was cut, and something was said or "
        "silence was asked for; false: it was cut, and nothing was said; recovered: it went on "
        "softly until that was clear, and was not cut.",
        label="outcome",
        values=("true", "false", "recovered"),
    ),
    Series(
        "audio_quality",
        "histogram",
        "Quality of the microphone each time that a spoken turn ended, 0 to 100.",
        unit="points",
    ),
    Series(
        "audio_snr_db",
        "histogram",
        "Signal-to-noise ratio of the microphone each time that a spoken turn ended.",
        unit="dB",
    ),
    # --- providers ---
    Series("provider_answers", "counter", "Answers given to the end.", label="provider"),
    Series("provider_failures", "counter", "Answers that failed.", label="provider"),
    Series(
        "provider_hedges",
        "counter",
        "Another was started beside it, since it was late.",
        label="provider",
    ),
    Series(
        "failovers",
        "counter",
        "Another was asked in its place, since it failed.",
        label="provider",
    ),
    Series("heard_s", "counter", "Sound given to ears.", unit="s", label="provider"),
    Series("tokens_in", "counter", "Tokens given to models.", unit="tokens", label="provider"),
    Series("tokens_out", "counter", "Tokens taken from models.", unit="tokens", label="provider"),
    Series(
        "characters", "counter", "Characters given to voices.", unit="characters", label="provider"
    ),
    Series(
        "cost_by_provider",
        "counter",
        "What that cost by the prices in PRICES.",
        unit="$",
        label="provider",
    ),
    Series(
        "cost_by_user",
        "counter",
        "The same, by the id of the user.",
        unit="$",
        label="user",
        is_exposed=False,
    ),
    # --- the process ---
    Series("loop_lag_ms", "histogram", "How late the event loop came round to a timer.", unit="ms"),
    Series("sessions_opened", "counter", "Connections of conversations that were opened."),
    Series(
        "sessions_closed",
        "counter",
        "Those that were closed. normal: hung up, left, logged out, taken over elsewhere, or told "
        "to come back because the server restarts; abnormal: any other way, a connection that "
        "vanished (1006) among them, even where the client came back.",
        label="close",
        values=("normal", "abnormal"),
    ),
)
SERIES: dict[str, Series] = {series.name: series for series in _ALL}
"""By name."""
