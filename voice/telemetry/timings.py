"""How long each part of a turn took. Marks are set as things happen; the parts follow from them.

Parts lie on the critical path from the end of the user's speech to the first audible sample, each
≥ 0, and add up to the total.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from voice.wire import Heard, TurnMetrics

Mark = Literal["recalled_at", "first_token_at", "first_sentence_at", "first_audio_at"]


@dataclass(slots=True)
class TurnTimings:
    """Marks in seconds on the session's clock; one that was never passed is None. Those passed
    before the turn was decided cost nothing."""

    speech_ended_at: float = 0.0
    pause_s: float = 0.0
    """How long the pause had to be: what is waited beyond it, is waited for the transcript."""
    decided_at: float = 0.0
    speculated: int = 0
    """How often the turn was answered before it was known to be over,"""
    adopted: bool = False
    """and whether one of those answers is this one."""
    was_spoken: bool = True
    """The turn was, rather than typed."""
    heard_s: float = 0.0
    """Sound that the ears were given since the turn before."""
    cache_hit: bool = False
    """It is an answer that was given before."""
    recalled_at: float | None = None
    first_token_at: float | None = None
    first_sentence_at: float | None = None
    first_audio_at: float | None = None
    providers: dict[str, str] = field(default_factory=dict)

    def mark(self, name: Mark, now: Callable[[], float]) -> None:
        """Set a mark the first time it is passed."""
        if getattr(self, name) is None:
            setattr(self, name, now())

    def decide(self, decided: "TurnTimings") -> None:
        """Take over when the turn ended and who understood it: this answer was begun before."""
        self.speech_ended_at, self.pause_s = decided.speech_ended_at, decided.pause_s
        self.decided_at, self.heard_s = decided.decided_at, decided.heard_s
        self.was_spoken = decided.was_spoken
        self.providers |= decided.providers

    def served(self, stage: str, name: str) -> None:
        """This provider gave the first of its stage's part."""
        if name:
            self.providers.setdefault(stage, name)

    def metrics(self, *, turn: int, reply: int, heard: Heard | None = None) -> TurnMetrics:
        """`heard` is the client's measure, and its total is the truth: what the parts leave of it
        over is the network's, and what they are beyond it they give back."""
        parts = self._server_parts() | {"capture_ms": 0.0, "network_ms": 0.0, "play_ms": 0.0}
        if heard is not None:
            parts |= {"capture_ms": heard.capture_ms, "play_ms": heard.play_ms}
            parts = _fitted(parts, heard.total_ms)
        return TurnMetrics(
            turn=turn,
            reply=reply,
            final=heard is not None,
            cache_hit=self.cache_hit,
            speculated=self.speculated,
            adopted=self.adopted,
            providers=dict(self.providers),
            total_ms=round(sum(parts.values()), 1),
            **{name: round(value, 1) for name, value in parts.items()},
        )

    def _server_parts(self) -> dict[str, float]:
        waited_s = max(0.0, self.decided_at - self.speech_ended_at)
        vad_end_s = min(waited_s, self.pause_s)
        marks = [
            self.decided_at,
            self.recalled_at,
            self.first_token_at,
            self.first_sentence_at,
            self.first_audio_at,
        ]
        names = ("recall_ms", "llm_ttft_ms", "clause_ms", "tts_ttfb_ms")
        parts = {"vad_end_ms": vad_end_s * 1000, "stt_ms": (waited_s - vad_end_s) * 1000}
        before = self.decided_at
        for name, mark in zip(names, marks[1:], strict=True):
            parts[name] = max(0.0, (mark if mark is not None else before) - before) * 1000
            before = max(before, mark if mark is not None else before)
        return parts


def _fitted(parts: dict[str, float], total_ms: float) -> dict[str, float]:
    """The parts so that they add up to what the client measured.

    Where that is less than they are, the two disagree on when the speech ended: the client goes by
    loudness, the server by voice. So the wait for the end of the turn gives first."""
    rest = total_ms - sum(parts.values())
    if rest >= 0:
        return parts | {"network_ms": parts["network_ms"] + rest}
    fitted = dict(parts)
    for name, value in parts.items():
        given = min(value, -rest)
        fitted[name], rest = value - given, rest + given
    return fitted
