"""A small vocabulary for talking to the turn machine: what happened, and what came of it."""

from dataclasses import dataclass, field

from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.endpointing import Endpointing
from voice.turns.machine import step
from voice.turns.state import Phase, TurnState

POLICY = Endpointing(pause_s=0.6, transcript_s=1.0)


@dataclass
class Floor:
    """A machine with a clock that the test moves."""

    state: TurnState = field(default_factory=TurnState)
    at: float = 0.0
    done: list[do.Action] = field(default_factory=list)
    """Every action since `forget`."""

    @property
    def phase(self) -> Phase:
        return self.state.phase

    def tell(self, event: on.Event) -> list[do.Action]:
        self.state, actions = step(self.state, event, POLICY)
        self.done.extend(actions)
        return list(actions)

    def forget(self) -> "Floor":
        self.done.clear()
        return self

    # --- what happens ---------------------------------------------------------------------------
    def begin(self, **numbers: int | str | bool) -> list[do.Action]:
        return self.tell(on.Began(self.at, **numbers))  # type: ignore[arg-type]

    def speak(self, *, is_live: bool = True) -> list[do.Action]:
        return self.tell(on.SpeechStarted(self.at, self.at - 0.1, is_live))

    def pause(self) -> list[do.Action]:
        return self.tell(on.SpeechStopped(self.at, self.at - 0.2))

    def words(self, text: str, *, is_final: bool = False) -> list[do.Action]:
        """Of the utterance that is being spoken; final: of the last that was finalised."""
        utterance = self.state.utterance - 1 if is_final else self.state.utterance
        return self.tell(on.TranscriptGrew(self.at, utterance, text, is_final))

    def wait(self) -> list[do.Action]:
        """Until the timer that is set fires."""
        return self.tell(on.TimerFired(self.at, self.state.timer))

    def type(self, text: str) -> list[do.Action]:
        return self.tell(on.TextTyped(self.at, text))

    def ready(self) -> list[do.Action]:
        return self.tell(on.ReplyReady(self.at, self.state.attempt))

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
