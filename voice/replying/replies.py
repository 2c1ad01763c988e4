"""The replies of one session: started, released, dropped, cut, carried on, recorded.

At most one is released; another may be in the making. What was heard of a reply goes to the
history, the transcript and the user's screen, and nothing else does.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from voice.audio.reference import Reference
from voice.edge import notices
from voice.edge.line import Line
from voice.history import History
from voice.live import LiveState
from voice.plan import Plan
from voice.providers.absent import AbsentVoice
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.composer import Composer, CreateTask
from voice.replying.minutes import Minutes
from voice.replying.reply import Reply, Voice
from voice.replying.script import Script
from voice.telemetry import TurnTimings
from voice.text.echo import SaidWord
from voice.text.pronunciation import Pronunciation
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.playhead import Playhead
from voice.wire import (
    Duck,
    Heard,
    Interrupted,
    Playback,
    ReplyEnded,
    ReplyStarted,
    TranscriptUpdate,
    Unduck,
)

log = structlog.get_logger()

LAST_REPORT_S = 0.3
"""How long a cut reply waits for the client to say what was heard: `reply_ended` is due by 0.5."""
ECHO_S = 1.5
"""An echo's words may come so long after the reply's end."""
NUMBERED_MAX = 4
"""Replies that reports may still come for."""


class Replies:
    """Made on the event loop of its session, which owns the tasks made with `create_task`."""

    def __init__(
        self,
        plan: Plan,
        *,
        line: Line,
        history: History,
        minutes: Minutes,
        reference: Reference,
        emit: Callable[[on.Event], None],
        now: Callable[[], float],
        create_task: CreateTask,
        on_change: Callable[[], None],
    ) -> None:
        """reference: is told what is sent and where it is heard. on_change: a reply has come
        further."""
        self._plan = plan
        self._line = line
        self._history = history
        self._minutes = minutes
        self._reference = reference
        self.is_aligned = False
        """This client says where in the microphone's stream a reply is heard."""
        self._create_task = create_task
        self._on_change = on_change
        self._composer = Composer(plan, create_task)
        agent = plan.opened.agent
        pronunciation = Pronunciation(agent.pronunciations)
        self._voice = Voice(plan.tts, agent.voice, agent.language, pronunciation)
        self._is_mute = False
        self._speculated = 0
        """How often the turn in the making was answered."""
        self._attempts: dict[int, Reply] = {}
        self._numbered: dict[int, Reply] = {}
        self._running: dict[int, asyncio.Task[None]] = {}
        self._endings: set[asyncio.Task[None]] = set()
        self.emit = emit
        self.now = now

    # --- what the turn machine asks for ---------------------------------------------------------
    async def start(self, action: do.StartReply, timings: TurnTimings) -> None:
        """Think about the turn and voice the answer, held."""
        reply = self._make(action.attempt, action.turn, Script())
        self._composer.compose(reply, self._history.messages(), timings)
        self._count(timings)
        self._run(reply)

    async def speculate(self, action: do.Speculate) -> None:
        """The same for what the turn may turn out to be."""
        reply = self._make(action.attempt, action.turn, Script())
        messages = self._history.messages(asked=(action.turn, action.text))
        self._composer.compose(reply, messages, TurnTimings(), is_certain=False)
        self._speculated += 1
        self._run(reply)

    async def adopt(self, action: do.AdoptReply, timings: TurnTimings) -> None:
        """It was right: what was begun then answers the turn."""
        reply = self._attempts[action.attempt]
        assert reply.timings is not None
        reply.timings.decide(timings)
        reply.timings.adopted = self._composer.confirm(action.attempt)
        self._count(reply.timings)
        if reply.timings.first_audio_at is not None:
            self._create_task(self._tell_ready(action.attempt))

    async def _tell_ready(self, attempt: int) -> None:
        await self._line.attached()
        self.emit(on.ReplyReady(self.now(), attempt))

    def _count(self, timings: TurnTimings) -> None:
        """What speculation cost this turn."""
        timings.speculated, self._speculated = self._speculated, 0
        if timings.speculated:
            dropped = timings.speculated - timings.adopted
            log.info("speculation.over", adopted=timings.adopted, dropped=dropped)

    async def say(self, action: do.Say) -> None:
        self._run(self._make(action.attempt, action.turn, Script.of([action.text])))

    async def resume(self, action: do.ResumeReply) -> None:
        """Carry a reply on under a new attempt, and close the old one with what was heard."""
        old = self._numbered[action.resumes]
        self._cancel(old)
        old.script.put_back(old.unheard())
        await self._conclude(old, interrupted=False)
        self._run(self._make(action.attempt, action.turn, old.script))

    def take_over(self, state: LiveState) -> None:
        """Take over the reply that another process was playing; `resume` carries it on."""
        reply = self._make(1, state.turn, Script.of(state.unvoiced))
        reply.restore(state)
        self._numbered[reply.number] = reply

    async def release(self, action: do.ReleaseReply) -> None:
        reply = self._attempts[action.attempt]
        reply.source = action.source
        reply.started_at = self.now()
        reply.playhead.reports = self._line.reports
        self._numbered[action.reply] = reply
        while len(self._numbered) > NUMBERED_MAX:
            del self._numbered[next(iter(self._numbered))]
        await self._line.send(
            ReplyStarted(
                reply=action.reply, turn=action.turn, source=action.source, resumes=action.resumes
            )
        )
        reply.release(action.reply)
        if self._line.connection is None:  # the socket dropped just now
            self.hold()
        if reply.timings is not None:
            reply.metrics = reply.timings.metrics(turn=action.turn, reply=action.reply)
            await self._line.send(reply.metrics)

    async def drop(self, action: do.DropReply) -> None:
        reply = self._attempts.pop(action.attempt)
        self._cancel(reply)
        reply.script.stop()
        self._composer.forget(action.attempt)

    async def interrupt(self, action: do.InterruptReply) -> None:
        """Silence it now; what was heard follows when the client has said so."""
        reply = self._attempts[action.attempt]
        self._cancel(reply)
        reply.script.stop()
        reply.is_interrupted = True
        reply.playhead.stopped_at = reply.over_at = self.now()
        reply.reported.clear()
        self._reference.interrupt(action.reply)
        await self._line.send(Interrupted(reply=action.reply))
        self._minutes.cut(reply)
        ending = self._create_task(self._end_interrupted(reply))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    async def duck(self, action: do.Duck) -> None:
        self._reference.duck(action.reply)
        await self._line.send(Duck(reply=action.reply))

    async def unduck(self, action: do.Unduck) -> None:
        self._reference.unduck()
        await self._line.send(Unduck(reply=action.reply))

    async def close(self, action: do.CloseReply) -> None:
        reply = self._attempts[action.attempt]
        reply.script.stop()  # where the voice failed, the model may still be writing
        await self._conclude(reply, interrupted=False)

    # --- what the client says -------------------------------------------------------------------
    def report(self, playback: Playback) -> None:
        self._line.reports = True
        reply = self._numbered.get(playback.reply)
        if reply is not None:
            self._align(playback)
            played = int(playback.played_ms * OUTPUT_HZ / 1000)
            reply.playhead.report(played, underruns=playback.underruns, now=self.now())
            reply.reported.set()

    def _align(self, playback: Playback) -> None:
        """Lay the reply beside the microphone's stream, where the client says how."""
        mic, sample, connection = playback.mic_sample, playback.reply_sample, self._line.connection
        if mic is not None and sample is not None and connection is not None:
            self.is_aligned = True
            self._reference.pair(playback.reply, sample, mic / connection.rate_hz)

    def words_heard(self) -> list[SaidWord]:
        """What could be heard of the assistant in the last moments."""
        now = self.now()
        lately = [r for r in self._numbered.values() if now - (r.over_at or now) < ECHO_S]
        return [word for reply in lately for word in reply.words(now)]

    async def heard(self, heard: Heard) -> None:
        """The client measured how long the user waited for this reply."""
        reply = self._numbered.get(heard.reply)
        if reply is None or reply.timings is None or (reply.metrics and reply.metrics.final):
            return
        reply.metrics = reply.timings.metrics(turn=reply.turn, reply=reply.number, heard=heard)
        await self._line.send(reply.metrics)
        if reply.is_concluded:
            self._minutes.measured(reply)

    async def last_report(self, reply: Reply) -> None:
        """Wait until the client has said how much of it was played, but not long."""
        try:
            async with asyncio.timeout(LAST_REPORT_S):
                await reply.reported.wait()
        except TimeoutError:
            log.debug("reply.no_last_report", reply=reply.number)

    def hold(self) -> Reply | None:
        """The socket dropped: nothing more goes out of the reply that was being heard. Returns it,
        for `resume` to carry on."""
        reply = self.open()
        if reply is not None:
            self._cancel(reply)
            reply.reported.clear()
        return reply

    async def wait_endings(self) -> None:
        """Until the replies that were cut are recorded."""
        if self._endings:
            await asyncio.wait(self._endings, timeout=LAST_REPORT_S * 3)

    def open(self) -> Reply | None:
        """The reply that is being heard."""
        last = next(reversed(self._numbered.values()), None)
        return None if last is None or last.is_interrupted or last.is_concluded else last

    # --- what a reply asks of us (reply.Listener) -----------------------------------------------
    async def attached(self) -> None:
        await self._line.attached()

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        self._reference.add(reply, sample, pcm)
        await self._line.send_audio(reply, sample, pcm)

    async def caption(self, reply: Reply) -> None:
        await self._line.send(
            TranscriptUpdate(
                turn=reply.turn,
                reply=reply.number,
                role="assistant",
                text=reply.text,
                is_final=False,
            )
        )

    async def stalled(self) -> None:
        await self._line.close(notices.FAULT, notices.STALLED)

    # --- pieces ---------------------------------------------------------------------------------
    def _make(self, attempt: int, turn: int, script: Script) -> Reply:
        playhead = Playhead(self._plan.playout_lead_ms)
        reply = Reply(attempt, turn, script, voice=self._voice, listener=self, playhead=playhead)
        reply.on_voice = partial(self._spoken_by, reply)
        reply.on_sound = self._on_change
        self._attempts[attempt] = reply
        return reply

    def _run(self, reply: Reply) -> None:
        task = self._create_task(self._run_to_end(reply))
        self._running[reply.attempt] = task
        task.add_done_callback(lambda _: self._running.pop(reply.attempt, None))

    async def _run_to_end(self, reply: Reply) -> None:
        try:
            await reply.run()
        except Exception:
            # Our own mistake must not end the conversation: the user hears of it and goes on.
            log.exception("reply.broke", turn=reply.turn)
            self.emit(on.ReplyFailed(self.now(), reply.attempt))
            self.emit(on.ReplyOver(self.now(), reply.attempt))

    def _cancel(self, reply: Reply) -> None:
        if task := self._running.get(reply.attempt):
            task.cancel()

    async def _end_interrupted(self, reply: Reply) -> None:
        await self.last_report(reply)
        await self._conclude(reply, interrupted=True)

    async def _conclude(self, reply: Reply, *, interrupted: bool) -> None:
        """What was heard is what was said: show it, keep it, go on from it."""
        heard = reply.heard()
        reply.is_concluded = True
        reply.over_at = reply.over_at or self.now()
        self._attempts.pop(reply.attempt, None)
        self._minutes.conclude(reply, heard, interrupted=interrupted, at=self.now())
        await self._line.send(
            TranscriptUpdate(
                turn=reply.turn, reply=reply.number, role="assistant", text=heard, is_final=True
            )
        )
        await self._line.send(
            ReplyEnded(
                reply=reply.number, turn=reply.turn, interrupted=interrupted, heard_text=heard
            )
        )

    def _spoken_by(self, reply: Reply, name: str) -> None:
        """Another sentence of it begins with this provider's voice."""
        if reply.timings is not None:
            reply.timings.served("tts", name)
        was_mute, self._is_mute = self._is_mute, name == AbsentVoice.name
        if self._is_mute and not was_mute and self._plan.chain["tts"]:
            self._create_task(self._line.send(notices.MUTE))
