"""Does what the turn machine asks for: one action, one call. It decides nothing and waits for
nobody but the socket.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from voice.edge import notices
from voice.replying.minutes import Minutes
from voice.replying.replies import Replies
from voice.runtime import Runtime
from voice.stages.ear import Ear
from voice.telemetry import TurnTimings, journal
from voice.telemetry.meters import observe
from voice.turns import actions as do
from voice.turns import events as on
from voice.wire import AudioMetrics, TranscriptUpdate


class Performer:
    def __init__(
        self,
        runtime: Runtime,
        *,
        ear: Ear,
        replies: Replies,
        minutes: Minutes,
        quality: Callable[[], AudioMetrics | None],
        before_reply: Callable[[], None],
    ) -> None:
        """quality: how the microphone sounded last. before_reply: called before the model is
        asked."""
        self._before_reply = before_reply
        self._line = runtime.line
        self._clock = runtime.clock
        self._emit = runtime.emit
        self._ear = ear
        self._replies = replies
        self._minutes = minutes
        self._quality = quality
        self._speech_ended_at = runtime.clock.now()
        self._was_spoken = False
        self._by_action: dict[type[do.Action], Callable[[Any], Awaitable[None]]] = {
            do.Finalise: lambda action: ear.finalise(action.utterance),
            do.SetTimer: self._set_timer,
            do.ShowCaption: self._caption,
            do.RecordTurn: self._record,
            do.StartReply: self._start_reply,
            do.Speculate: self._speculate,
            do.AdoptReply: self._adopt_reply,
            do.Say: replies.say,
            do.ResumeReply: replies.resume,
            do.ReleaseReply: replies.release,
            do.DropReply: replies.drop,
            do.InterruptReply: replies.interrupt,
            do.Duck: replies.duck,
            do.Unduck: replies.unduck,
            do.CloseReply: replies.close,
            do.ReportFailure: lambda _: runtime.line.send(notices.NO_ANSWER),
            do.EndSession: self._end,
        }

    async def perform(self, action: do.Action) -> None:
        await self._by_action[type(action)](action)

    async def _set_timer(self, action: do.SetTimer) -> None:
        self._clock.loop.call_later(action.delay_s, self._fire, action.serial)

    def _fire(self, serial: int) -> None:
        self._emit(on.TimerFired(self._clock.now(), serial))

    async def _caption(self, action: do.ShowCaption) -> None:
        if not action.is_final:
            self._replies.expect(action.turn, action.text)
        await self._line.send(
            TranscriptUpdate(
                turn=action.turn, role="user", text=action.text, is_final=action.is_final
            )
        )

    async def _record(self, action: do.RecordTurn) -> None:
        self._speech_ended_at = action.ended_at
        self._was_spoken = action.source == "spoken"
        journal.bind_turn(action.turn)
        quality = self._quality() if self._was_spoken else None
        self._minutes.turn(action, quality)
        if quality is not None:
            observe("audio_quality", quality.quality)
            observe("audio_snr_db", quality.snr_db)
        self._replies.asked(action.text)

    async def _speculate(self, action: do.Speculate) -> None:
        self._before_reply()
        await self._replies.speculate(action)

    async def _start_reply(self, action: do.StartReply) -> None:
        self._before_reply()
        await self._replies.start(action, self._timings(action))

    async def _adopt_reply(self, action: do.AdoptReply) -> None:
        await self._replies.adopt(action, self._timings(action))

    def _timings(self, action: do.StartReply | do.AdoptReply) -> TurnTimings:
        timings = TurnTimings(self._speech_ended_at, action.pause_s, self._clock.now())
        timings.was_spoken, timings.heard_s = self._was_spoken, self._ear.take_given_s()
        if self._was_spoken:
            timings.served("stt", self._ear.heard_by)
        return timings

    async def _end(self, _: do.EndSession) -> None:
        """The session sees it in the machine's phase."""
