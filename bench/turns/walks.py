"""The turn machine on one recording, in virtual time: events in, and when it decided what.

Its own queue of events stands for session, ear and reply. Nothing sleeps.
"""

import heapq
import itertools
from dataclasses import dataclass, field, replace

from bench.speech.spoken import RATE_HZ
from bench.speech.timeline import FINAL_AFTER_S, INTERIM_EVERY_S, TEXT_AFTER_S, Edge, Heard
from voice.audio.smart_turn import TurnModel
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.machine import step
from voice.turns.policy import Policy
from voice.turns.state import TurnState

SILENCE_SEEN_S = 0.14
"""After which the ear finalises unasked."""
FIRST_AUDIO_S = 0.45
"""From asking for a reply to its first audio: a model's first tokens, then a voice's."""
PRE_SPEECH_S = 0.3
"""Of sound before the voice that the audio model gets."""
JUDGED_AFTER_S = 0.04
"""It takes 12 to 35 ms, on a thread."""
ENDS_S = 30.0
"""Of virtual time: no item is that long."""


@dataclass
class Walk:
    """One recording. `over_reply`: a reply is being heard from the start, and goes on."""

    heard: Heard
    policy: Policy
    over_reply: bool = False
    model: TurnModel | None = None
    """Asked at each offset, with the sound of the turn so far."""
    phase_s: float = 0.0
    """When the ear's first interim comes, below INTERIM_EVERY_S."""
    state: TurnState = field(default_factory=TurnState)
    done: list[tuple[float, do.Action]] = field(default_factory=list)
    """What the machine asked for, and when."""

    def __post_init__(self) -> None:
        self._queue: list[tuple[float, int, on.Event]] = []
        self._order = itertools.count()
        self._from_s = [0.0]
        """Where each utterance begins in the recording."""
        self._ready_at: dict[int, float] = {}
        """When each reply has its first audio."""
        self.policy = replace(self.policy, language=self.heard.item.language)

    def run(self) -> "Walk":
        if self.over_reply:
            self._reply_is_heard()
        for edge in self.heard.edges:
            self._put(self._event(edge))
        for tick in range(int(self.heard.ends_s / INTERIM_EVERY_S) + 4):
            self._put(on.TranscriptGrew(self.phase_s + tick * INTERIM_EVERY_S, 0, ""))
        for edge in self.heard.edges:
            if edge.what == "dip" and self._is_silent(edge.since, SILENCE_SEEN_S):
                self._put(on.TranscriptGrew(edge.since + FINAL_AFTER_S, 0, "unasked"))
        while self._queue and self._queue[0][0] < ENDS_S:
            self._tell(heapq.heappop(self._queue)[2])
        return self

    def first(self, *kinds: type[do.Action], after: float = 0.0) -> float | None:
        """When the first of these was asked for."""
        return next((at for at, did in self.done if isinstance(did, kinds) and at >= after), None)

    # --- what happens -----------------------------------------------------------------------------
    def _tell(self, event: on.Event) -> None:
        if isinstance(event, on.TranscriptGrew) and not event.is_final:
            event = self._interim(event)
            if not event.text:
                return
        if isinstance(event, on.SpeechStopped) and self.model is not None:
            self._put(self._judged(event, self.model))
        self.state, actions = step(self.state, event, self.policy)
        for action in actions:
            self.done.append((event.at, action))
            self._perform(event.at, action)

    def _judged(self, event: on.SpeechStopped, model: TurnModel) -> on.EndJudged:
        began = max(0, int((self.heard.starts_s - PRE_SPEECH_S) * RATE_HZ))
        sound = self.heard.item.sound[began : int(event.at * RATE_HZ)]
        at = event.at + JUDGED_AFTER_S
        return on.EndJudged(at, event.ended_at, model.ends_probability(sound))

    def _perform(self, at: float, action: do.Action) -> None:
        match action:
            case do.SetTimer():
                self._put(on.TimerFired(at + action.delay_s, action.serial))
            case do.Finalise():
                text = self._words(self._from_s[-1], at)
                self._from_s.append(at)
                self._put(on.TranscriptGrew(at + FINAL_AFTER_S, action.utterance, text, True))
            case do.Speculate() | do.StartReply():
                self._ready_at[action.attempt] = at + FIRST_AUDIO_S
                self._put(on.ReplyReady(at + FIRST_AUDIO_S, action.attempt))
            case do.AdoptReply():
                ready_at = max(at, self._ready_at[action.attempt])
                self._put(on.ReplyReady(ready_at, action.attempt))

    def _interim(self, event: on.TranscriptGrew) -> on.TranscriptGrew:
        late_s = FINAL_AFTER_S if event.text else TEXT_AFTER_S
        text = self._words(self._from_s[-1], event.at - late_s)
        return on.TranscriptGrew(event.at, len(self._from_s), text)

    def _words(self, from_s: float, until_s: float) -> str:
        middles = ((word, (start + end) / 2) for word, start, end in self.heard.words)
        return " ".join(word for word, middle in middles if from_s <= middle <= until_s)

    def _event(self, edge: Edge) -> on.Event:
        match edge.what:
            case "onset":
                return on.SpeechStarted(edge.at, edge.since)
            case "dip":
                return on.SpeechDipped(edge.at, edge.since)
            case "rise":
                return on.SpeechRose(edge.at)
        return on.SpeechStopped(edge.at, edge.since)

    def _is_silent(self, since: float, seconds: float) -> bool:
        ups = (edge.at for edge in self.heard.edges if edge.what in ("onset", "rise"))
        return not any(since < up <= since + seconds for up in ups)

    def _reply_is_heard(self) -> None:
        for event in (on.Began(0.0, greeting="…"), on.ReplyReady(0.0, 1)):
            self.state, _ = step(self.state, event, self.policy)

    def _put(self, event: on.Event) -> None:
        heapq.heappush(self._queue, (event.at, next(self._order), event))
