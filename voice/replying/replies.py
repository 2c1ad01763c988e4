"""The replies of one session: started, released, dropped, cut, carried on, recorded.

At most one is released; another may be in the making. What was heard of a reply goes to the
history, the transcript and the user's screen, and nothing else does.
"""

from functools import partial

from voice.audio.reference import Reference
from voice.live import LiveState
from voice.plan import Plan
from voice.providers.absent import AbsentVoice
from voice.replying.caching import Caching
from voice.replying.composer import Composer
from voice.replying.downlink import Downlink
from voice.replying.making import REPEATED
from voice.replying.minutes import Minutes
from voice.replying.released import LAST_REPORT_S, Released
from voice.replying.reply import Reply
from voice.replying.reporting import Reporting
from voice.replying.running import Running
from voice.replying.script import Script
from voice.replying.voicing import Voice
from voice.runtime import Runtime
from voice.telemetry import TurnTimings, journal
from voice.telemetry.meters import count
from voice.text.pronunciation import Pronunciation
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.heard import SpeakingRate
from voice.turns.playhead import Playhead
from voice.wire import Heard


class Replies:
    """Made on the event loop of its session, which owns the tasks."""

    def __init__(
        self, runtime: Runtime, *, minutes: Minutes, reporting: Reporting, reference: Reference
    ) -> None:
        """reference: is told what is sent and where it is heard."""
        self.released = Released(runtime, reference)
        self._runtime = runtime
        self._plan = runtime.plan
        self._line = runtime.line
        self._minutes = minutes
        self._reporting = reporting
        self._downlink = Downlink(runtime, reference)
        self._running = Running(runtime, self._downlink)
        self._composer = Composer(runtime, minutes)
        self._caching = Caching(runtime.plan, runtime.recorder)
        self._voice = _voice_of(runtime.plan, SpeakingRate())
        self._is_mute = False
        self._attempts: dict[int, Reply] = {}

    def asked(self, text: str) -> None:
        """The user said this; it is in the minutes."""
        self._caching.asked(text)

    def steer(self) -> None:
        """What the agent is told or how it sounds has changed: that counts from the next reply
        on."""
        self._voice = _voice_of(self._plan, self._voice.rate)
        self._composer.steer()
        self._minutes.history.keep(self._plan.context.agent.turns_kept)

    # --- in the making --------------------------------------------------------------------------
    def expect(self, turn: int, text: str) -> None:
        """The user has said so much of a turn: it may have to be answered soon."""
        self._composer.expect(turn, text)

    async def start(self, action: do.StartReply, timings: TurnTimings) -> None:
        """Think about the turn and voice the answer, held."""
        reply = self._make(action.attempt, action.turn, Script())
        self._composer.compose(reply, timings)
        self._running.start(reply)

    async def speculate(self, action: do.Speculate) -> None:
        """The same for what the turn may turn out to be."""
        reply = self._make(action.attempt, action.turn, Script())
        self._composer.compose(reply, TurnTimings(), suspected=action.text)
        self._running.start(reply)

    async def adopt(self, action: do.AdoptReply, timings: TurnTimings) -> None:
        """It was right: what was begun then answers the turn."""
        reply = self._attempts[action.attempt]
        assert reply.timings is not None
        reply.timings.decide(timings)
        self._composer.confirm(action.attempt, reply.timings)
        if reply.timings.first_audio_at is not None:
            self._runtime.create_task(self._tell_ready(action.attempt))

    async def say(self, action: do.Say) -> None:
        self._running.start(self._make(action.attempt, action.turn, Script.of([action.text])))

    async def drop(self, action: do.DropReply) -> None:
        reply = self._attempts.pop(action.attempt)
        self._running.cancel(reply)
        reply.script.stop()
        self._composer.forget(action.attempt)
        self._reporting.dropped(reply)

    # --- being heard ----------------------------------------------------------------------------
    async def release(self, action: do.ReleaseReply) -> None:
        reply = self._attempts[action.attempt]
        reply.source = _source(reply, action)
        reply.playhead.reports = self._line.reports
        self.released.add(action.reply, reply)
        self._caching.released(reply)
        journal.bind_reply(action.reply)
        await self._downlink.started(action, reply.source)
        self._reporting.released(reply)
        reply.release(action.reply)
        if self._line.connection is None:  # the socket dropped just now
            self.hold()
        if reply.timings is not None:
            reply.metrics = reply.timings.metrics(turn=action.turn, reply=action.reply)
            await self._downlink.measured(reply)

    async def duck(self, action: do.Duck) -> None:
        await self._downlink.duck(action.reply)

    async def unduck(self, action: do.Unduck) -> None:
        await self._downlink.unduck(action.reply)

    async def interrupt(self, action: do.InterruptReply) -> None:
        """Silence it now; what was heard follows when the client has said so."""
        reply = self._attempts[action.attempt]
        self._running.cancel(reply)
        reply.interrupt()
        await self._downlink.interrupted(action.reply)
        self._minutes.cut(reply)
        self._running.end(self._end_interrupted(reply))

    async def close(self, action: do.CloseReply) -> None:
        reply = self._attempts[action.attempt]
        reply.script.stop()  # where the voice failed, the model may still be writing
        await self._conclude(reply, interrupted=False)

    async def heard(self, heard: Heard) -> None:
        """The client measured how long the user waited for this reply."""
        reply = self.released.measure(heard)
        if reply is not None:
            await self._downlink.measured(reply)
            if reply.is_concluded:
                self._minutes.measured(reply)
                self._reporting.measured(reply)

    async def wait_endings(self) -> None:
        """Until the replies that were cut are recorded."""
        await self._running.wait_endings(LAST_REPORT_S * 3)

    # --- when the socket drops ------------------------------------------------------------------
    def hold(self) -> Reply | None:
        """Nothing more goes out of the reply that was being heard. Returns it, for `resume` to
        carry on."""
        reply = self.released.open()
        if reply is not None:
            self._running.cancel(reply)
            reply.reported.clear()
        return reply

    async def resume(self, action: do.ResumeReply) -> None:
        """Carry a reply on under a new attempt, and close the old one with what was heard."""
        old = self.released.of(action.resumes)
        self._running.cancel(old)
        recording = old.voicing.recording
        old.script.put_back(old.unheard())
        await self._conclude(old, interrupted=False)
        reply = self._make(action.attempt, action.turn, old.script)
        reply.making, reply.voicing.recording = old.making, recording
        self._running.start(reply)

    def take_over(self, state: LiveState) -> None:
        """Take over the reply that another process was playing; `resume` carries it on."""
        reply = self._make(1, state.turn, Script.of(state.unvoiced))
        reply.restore(state)
        self.released.add(reply.number, reply)

    # --- pieces ---------------------------------------------------------------------------------
    def _make(self, attempt: int, turn: int, script: Script) -> Reply:
        playhead = Playhead(self._plan.playout_lead_ms)
        now = self._runtime.clock.now
        reply = Reply(attempt, turn, script, voice=self._voice, playhead=playhead, now=now)
        reply.voicing.on_voice = partial(self._spoken_by, reply)
        reply.on_sound = self._runtime.on_change
        self._attempts[attempt] = reply
        return reply

    async def _tell_ready(self, attempt: int) -> None:
        await self._line.attached()
        self._runtime.emit(on.ReplyReady(self._runtime.clock.now(), attempt))

    async def _end_interrupted(self, reply: Reply) -> None:
        await self.released.last_report(reply)
        await self._conclude(reply, interrupted=True)

    async def _conclude(self, reply: Reply, *, interrupted: bool) -> None:
        """What was heard is what was said: show it, keep it, go on from it."""
        heard = reply.conclude()
        self._attempts.pop(reply.attempt, None)
        self._minutes.conclude(reply, heard, interrupted=interrupted, at=self._runtime.clock.now())
        self._reporting.over(reply)
        self._caching.concluded(reply, heard, interrupted=interrupted)
        await self._downlink.ended(reply, heard, interrupted=interrupted)

    def _spoken_by(self, reply: Reply, name: str) -> None:
        """Another sentence of it begins with this provider's voice."""
        if reply.timings is not None:
            reply.timings.served("tts", name)
        if reply.making is not None:
            reply.making.voices.add(name)
        was_mute, self._is_mute = self._is_mute, name == AbsentVoice.name
        if self._is_mute and not was_mute and self._plan.chain["tts"]:
            count("errors", "tts")
            self._runtime.create_task(self._downlink.muted())


def _source(reply: Reply, action: do.ReleaseReply) -> str:
    """What the client is told that it is."""
    repeats = action.source == "model" and reply.making and reply.making.repeats
    return REPEATED if repeats else action.source


def _voice_of(plan: Plan, rate: SpeakingRate) -> Voice:
    agent, tts = plan.context.agent, plan.tts
    return Voice(tts, agent.voice, agent.language, Pronunciation(agent.pronunciations), rate)
