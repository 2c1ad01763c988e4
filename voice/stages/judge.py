"""Asks an audio model, off the event loop, whether a pause was the end of the turn."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import structlog

from voice.audio.pcm import to_float
from voice.audio.smart_turn import TurnModel
from voice.turns.events import EndJudged, Event

log = structlog.get_logger()


@cache
def _thread() -> ThreadPoolExecutor:
    """One for all sessions: the model takes 12 to 35 ms, once in a pause."""
    return ThreadPoolExecutor(1, thread_name_prefix="turns")


class EndJudge:
    """One session's. `run` is its life; `ask` is called meanwhile."""

    def __init__(
        self, model: TurnModel, *, emit: Callable[[Event], None], now: Callable[[], float]
    ) -> None:
        self._model = model
        self._emit = emit
        self._now = now
        self._questions: asyncio.Queue[tuple[bytes, float]] = asyncio.Queue(1)

    def ask(self, pcm: bytes, ended_at: float) -> None:
        """Was this the end? pcm: the turn so far, at 16 kHz. A question that still waits is
        dropped: its pause is over. Answered by EndJudged, or not at all if the model fails."""
        if self._questions.full():
            self._questions.get_nowait()
        self._questions.put_nowait((pcm, ended_at))

    async def run(self) -> None:
        """Answer until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            pcm, ended_at = await self._questions.get()
            try:
                probability = await loop.run_in_executor(_thread(), self._judge, pcm)
            except Exception:  # the words and the silence are there without it
                log.exception("turn_model.failed")
                continue
            self._emit(EndJudged(self._now(), ended_at, probability))

    def _judge(self, pcm: bytes) -> float:
        return self._model.ends_probability(to_float(pcm))
