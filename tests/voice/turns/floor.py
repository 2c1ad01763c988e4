"""A small vocabulary for talking to the turn machine: what happened, and what came of it."""

from dataclasses import dataclass, field

from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.endpointing import Endpointing
from voice.turns.evidence import Evidence
from voice.turns.machine import step
from voice.turns.policy import Policy
from voice.turns.state import Phase, TurnState


class EvenPause(Endpointing):
    """The same pause ends every turn, but for one that breaks off at “and”."""

    usual_s = 0.4

    def pause(self, evidence: Evidence) -> float:
        return 1.2 if evidence.text.endswith(" and") else self.usual_s


POLICY = Policy(EvenPause())
DIP_S, STOP_S = 0.064, 0.16
"""How long it is silent before that is told."""


@dataclass
class Floor:
    """A machine with a clock that moves when somebody speaks, is silent or waits."""

    state: TurnState = field(default_factory=TurnState)
    at: float = 0.0
    policy: Policy = POLICY
    done: list[do.Action] = field(default_factory=list)
    """Every action since `forget`."""
    due_at: float = 0.0
    """When the timer fires that was set last."""

    @property
    def phase(self) -> Phase:
        return self.state.phase

    def tell(self, event: on.Event) -> list[do.Action]:
        self.state, actions = step(self.state, event, self.policy)
        self.done.extend(actions)
        for action in actions:
            if isinstance(action, do.SetTimer):
                self.due_at = self.at + action.delay_s
        return list(actions)

    def forget(self) -> "Floor":
        self.done.clear()
        return self

    # --- what happens ---------------------------------------------------------------------------
    def begin(self, **numbers: int | str | bool) -> list[do.Action]:
        return self.tell(on.Began(self.at, **numbers))  # type: ignore[arg-type]

    def speak(self, for_s: float = 1.0, *, is_live: bool = True) -> list[do.Action]:
        """The voice sets in, and goes on for so long."""
        actions = self.tell(on.SpeechStarted(self.at, self.at, is_live))
        self.at += for_s
        return actions

    def dip(self) -> list[do.Action]:
        """The voice has just fallen silent."""
        self.at += DIP_S
        return self.tell(on.SpeechDipped(self.at, self.at - DIP_S))

    def rise(self) -> list[do.Action]:
        return self.tell(on.SpeechRose(self.at))

    def pause(self) -> list[do.Action]:
        """It has been silent for a while."""
        self.at += STOP_S
        return self.tell(on.SpeechStopped(self.at, self.at - STOP_S))

    def judge(self, probability: float) -> list[do.Action]:
        """An audio model has listened to the last pause."""
        assert self.state.speech is not None
        return self.tell(on.EndJudged(self.at, self.state.speech.ended_at, probability))

    def words(
        self,
        text: str,
        *,
        is_final: bool = False,
        is_echo: bool = False,
        turn_over: bool | None = None,
        is_late: bool = False,
    ) -> list[do.Action]:
        """Of the utterance that is being spoken; final: of the last that was finalised."""
        utterance = self.state.utterance - 1 if is_final else self.state.utterance
        return self.tell(
            on.TranscriptGrew(self.at, utterance, text, is_final, is_echo, turn_over, is_late)
        )

    def wait(self) -> list[do.Action]:
        """Until the timer that was set last fires."""
        self.at = max(self.at, self.due_at)
        return self.tell(on.TimerFired(self.at, self.state.timer))

    def type(self, text: str) -> list[do.Action]:
        return self.tell(on.TextTyped(self.at, text))

    def commit(self) -> list[do.Action]:
        return self.tell(on.TurnCommitted(self.at))

    def ready(self, attempt: int | None = None) -> list[do.Action]:
        return self.tell(on.ReplyReady(self.at, attempt or self.state.attempt))

    def over(self) -> list[do.Action]:
        return self.tell(on.ReplyOver(self.at, self.state.attempt))

    def hang_up(self) -> list[do.Action]:
        return self.tell(on.HungUp(self.at))

    # --- longer stretches -----------------------------------------------------------------------
    def say(self, text: str) -> "Floor":
        """A whole turn, to the decision that it is over."""
        self.speak()
        self.pause()
        self.words(text, is_final=True)
        self.wait()
        return self

    def answered(self, text: str = "what time is it") -> "Floor":
        """A whole turn, and the reply to it being heard."""
        self.say(text)
        self.ready()
        return self.forget()

    def interrupt(self, text: str = "wait a moment") -> list[do.Action]:
        """Speak over the reply, words and all."""
        return [*self.speak(0.8), *self.words(text)]
