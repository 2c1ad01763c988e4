"""One session's side of the microphone: what comes in becomes events for the turn machine.

The queue, the stage that listens to it, the ear, and the check that keeps the assistant from
hearing itself.
"""

import asyncio
from collections.abc import Callable

import structlog

from voice.audio.cleanup import Cleanup
from voice.audio.echo_check import EchoCheck
from voice.audio.mic import MicQueue
from voice.audio.reference import Reference
from voice.edge import notices
from voice.plan import Plan
from voice.replying.echoes import Echoes
from voice.replying.released import Released
from voice.runtime import Runtime
from voice.stages.ear import Ear
from voice.stages.judge import EndJudge
from voice.stages.listen import Listener, Vad
from voice.telemetry.usage import spend
from voice.turns.events import Event, TranscriptGrew
from voice.turns.state import Speech
from voice.wire import AudioMetrics, VadStatus

log = structlog.get_logger()


class Listening:
    """`run` is its life; the rest is called on the same event loop meanwhile."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        vad: Vad,
        cleanup: Cleanup | None,
        reference: Reference,
        replies: Released,
        speech: Callable[[], Speech | None],
    ) -> None:
        """reference: what the user's speaker plays. speech: what the turn machine knows of what is
        being said."""
        plan, emit, now = runtime.plan, runtime.emit, runtime.clock.now
        self.mic = MicQueue()
        self._plan = plan
        self._line = runtime.line
        self._replies = replies
        self._speech = speech
        self._emit = emit
        self._vad = vad
        self._echo = EchoCheck(reference)
        self._echoes = Echoes()
        self.ear = Ear(
            plan.stt,
            language=plan.context.agent.language,
            terms=_terms(plan),
            emit=self._take_words,
            now=now,
            on_failure=lambda _: runtime.tell(notices.DEAF),
            on_given=lambda name, seconds: spend("stt", name, plan.person.id, heard_s=seconds),
        )
        model = plan.turn_model
        self._judge = EndJudge(model, emit=emit, now=now) if model else None
        self._listener = Listener(
            self.mic,
            vad=vad,
            ear=self.ear,
            emit=emit,
            show_vad=self._show_vad,
            now=now,
            cleanup=cleanup,
            cleans_for_ear=plan.cleans_for_ear,
            show_quality=runtime.line.send,
            far_end=reference.take,
            echo=self._echo,
            cancels_echo=plan.cancels_echo,
            judge=self._judge,
        )

    async def run(self) -> None:
        """Listen until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.ear.run())
            tasks.create_task(self._listener.run())
            if self._judge:
                tasks.create_task(self._judge.run())

    def steer(self) -> None:
        """Another language or other terms may be expected."""
        self.ear.steer(language=self._plan.context.agent.language, terms=_terms(self._plan))

    def close(self) -> None:
        self._vad.close()

    def quality(self) -> AudioMetrics | None:
        """How the microphone sounded in the last second."""
        return self._listener.quality

    def note_echo(self, heard: bool) -> None:
        """The client has tested whether its microphone hears its speaker."""
        log.info("echo.tested", heard=heard)
        self._echo.needs_canceller = self._echo.needs_canceller or heard

    def _take_words(self, event: Event) -> None:
        """What the ear understood; an open speaker has it hear the assistant, too."""
        if isinstance(event, TranscriptGrew):
            said, speech = self._replies.words_heard(), self._speech()
            aligned = self._replies.is_aligned
            event = self._echoes.taken_out(event, said, speech, is_guarded=aligned)
        self._emit(event)

    async def _show_vad(self, speaking: bool, probability: float, sample: int) -> None:
        await self._line.send(
            VadStatus(speaking=speaking, probability=round(probability, 3), sample=sample)
        )


def _terms(plan: Plan) -> tuple[str, ...]:
    """Words that the ear should know."""
    return (*plan.person.key_terms, *plan.context.agent.key_terms)
