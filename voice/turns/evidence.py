"""What is known when somebody falls silent. Frozen; endpointing.py decides by it."""

from dataclasses import dataclass, field

from voice.turns.pauses import Habit


@dataclass(frozen=True, slots=True)
class Evidence:
    text: str = ""
    """The words of the turn so far, over all its utterances."""
    language: str = "en"
    """A BCP 47 tag."""
    habit: Habit = field(default_factory=Habit)
    ends_probability: float | None = None
    """An audio model's opinion that the turn is over; None when there is no model, or not yet."""
    turn_over: bool | None = None
    """The ear's own verdict; None where it does not judge turns."""
