"""A call on an open speaker, in virtual time: what listens is what the server has, and the client
and the ear are made. Who is stopped by what, and when."""

import numpy as np

from bench.echo.case import Defence, Outcome, Setting
from bench.echo.client import Client
from bench.echo.ear import Ear
from bench.echo.room import RATE_HZ
from voice.audio.cleanup import Cleanup
from voice.audio.echo_check import EchoCheck
from voice.audio.front import FrontEnd
from voice.audio.gate import Offset, Onset, SpeechGate
from voice.audio.pcm import Samples, from_float, to_float
from voice.audio.reference import Reference
from voice.audio.vad import CONTEXT_SAMPLES, FRAME_SAMPLES, Model
from voice.text.echo import HeardText, is_echo, own_words
from voice.turns.interruption import Interruption, Overlap, Verdict, judge

STEP = 160
"""10 ms."""
SURE_S = 0.4
"""A voice that the guard lets pass for so long is somebody's: each word of its own counts."""
PRE_ROLL_S = 0.3
"""Of an utterance, before its onset was noticed: what an ear hears of it."""
USERS_BEFORE_S, USERS_AFTER_S = 0.1, 0.3
"""An onset that is so close to the user's talk is the user's."""


class Vad:
    def __init__(self, model: Model) -> None:
        self._model = model
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(CONTEXT_SAMPLES, np.float32)

    def probability(self, frame: Samples) -> float:
        sound = np.concatenate([self._context, frame])[None]
        probabilities, self._state = self._model(sound, self._state)
        self._context = frame[-CONTEXT_SAMPLES:]
        return float(probabilities[0])


class Call:
    def __init__(self, setting: Setting, defence: Defence, model: Model) -> None:
        self.outcome = Outcome()
        self._defence = defence
        self._reference, self._ear = Reference(), Ear(setting.seed)
        self._client = Client(setting, self._reference, self._ear)
        self._check = EchoCheck(self._reference)
        self._cleanup = Cleanup()
        self._front = FrontEnd(self._cleanup)
        if defence.canceller:
            self._cleanup.cancel_echo()
        self._vad, self._gate = Vad(model), SpeechGate()
        self._seen = 0
        """Samples that VAD has seen."""
        self._began_s: float | None = None
        """Of the utterance in progress, at its onset."""
        self._ended_s: float | None = None
        self._is_ducked = False

    @property
    def _now_s(self) -> float:
        return self._client.now_s

    def run(self) -> Outcome:
        at, client = 0, self._client
        while not client.is_over:
            before = client.number
            client.play(at / RATE_HZ)
            if client.number > before:
                self.outcome.replies += 1
                self.outcome.interruptions += client.talk is not None
            if client.playing is None:
                self._lift()
            near = from_float(client.record(at, STEP))
            far = from_float(self._reference.take(at / RATE_HZ, STEP))
            for frame, clean in self._front.feed(near, far):
                self._hear(frame, clean)
            at += STEP
        return self.outcome

    def _hear(self, frame: bytes, clean: bytes) -> None:
        probability = self._vad.probability(to_float(clean))
        is_own = self._check.is_echo(frame, self._seen / RATE_HZ)
        if self._defence.guard and is_own:
            probability = 0.0
        if self._defence.switches and self._check.needs_canceller:
            self._cleanup.cancel_echo()
        edge = self._gate.feed(probability, self._seen)
        self._seen += FRAME_SAMPLES
        if isinstance(edge, Onset):
            self._begun(edge.sample / RATE_HZ)
        if isinstance(edge, Offset):
            self._ended_s = edge.sample / RATE_HZ
        self._weigh()
        if isinstance(edge, Offset):
            self._ended()

    def _begun(self, at_s: float) -> None:
        self._began_s, self._ended_s = at_s, None
        if not self._client.is_audible:
            return
        talk = self._client.talk
        if not self._is_users(at_s):
            self.outcome.false_ducks += 1
        elif talk is not None and not talk.is_noticed:
            self.outcome.noticed_s.append(self._now_s - talk.begins_s)
            talk.is_noticed = True
        self._is_ducked = True
        self._reference.duck(self._client.number)
        self._client.duck()

    def _weigh(self) -> None:
        if self._began_s is None or not self._client.is_audible:
            return
        text, is_own = self._text(self._began_s)
        end_s = self._ended_s
        overlap = Overlap(
            voiced_s=(end_s or self._now_s) - self._began_s,
            silent_s=None if end_s is None else self._now_s - end_s,
            text=text,
            is_echo=is_own,
        )
        match judge(overlap, Interruption()):
            case Verdict.INTERRUPTS:
                self._interrupt()
            case Verdict.LETS_PASS:
                self._lift()

    def _interrupt(self) -> None:
        talk = self._client.talk
        if talk is not None and talk.begins_s <= self._now_s <= talk.ends_s + 0.5:
            self.outcome.stopped_s.append(self._now_s - talk.begins_s)
        else:
            self.outcome.false_interruptions += 1
            self.outcome.interruptions -= talk is not None  # there is nothing left to interrupt
            self._client.talk = None
        self._reference.interrupt(self._client.number)
        self._client.stop()
        self._began_s = None

    def _ended(self) -> None:
        """An utterance is over: with words of its own, and no reply playing, it is a turn."""
        began_s, self._began_s = self._began_s, None
        if began_s is None or self._client.playing is not None or self._is_users(began_s):
            return
        text, is_own = self._text(began_s)
        self.outcome.false_turns += bool(text) and not is_own

    def _text(self, began_s: float) -> tuple[str, bool]:
        """The words of the utterance, and whether they are the assistant's."""
        text = self._ear.text(began_s - PRE_ROLL_S, self._now_s)
        if not self._defence.text or not text:
            return text, False
        heard = HeardText(text, began_s - PRE_ROLL_S, self._now_s)
        is_sure = self._defence.guard and self._now_s - began_s > SURE_S
        said = self._client.said
        return own_words(heard, said), is_echo(heard, said, has_strays=not is_sure)

    def _is_users(self, at_s: float) -> bool:
        talk = self._client.talk
        if talk is None:
            return False
        return talk.begins_s - USERS_BEFORE_S <= at_s <= talk.ends_s + USERS_AFTER_S

    def _lift(self) -> None:
        if self._is_ducked:
            self._is_ducked = False
            self._reference.unduck()
            self._client.unduck()
