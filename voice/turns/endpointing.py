"""When a pause is the end of the user's turn: how much silence it takes, given what was said. Pure.

Asked again whenever something new is known: words, or an audio model's opinion. Four sources, each
in a file of its own: silence, the shape of the transcript (completeness.py), this user's own pauses
(pauses.py), and the voice itself (voice/audio/smart_turn.py). `bench/turns` measures what each
is worth.
"""

from dataclasses import dataclass

from voice.turns.completeness import Shape, shape_of
from voice.turns.evidence import Evidence
from voice.turns.pauses import Habit

__all__ = ["Endpointing", "Evidence", "Habit"]


@dataclass(frozen=True, slots=True)
class Endpointing:
    """Seconds of silence, from the last voiced sample, that end a turn of each shape."""

    finished_s: float = 0.3
    """A question, a request, a one-word answer. Less would gain nothing: a reply that is begun at
    the first dip is not ready earlier."""
    statement_s: float = 0.5
    """What may be all, or the first of several sentences. With usual vendors no reply is heard
    before; from 0.35 to 0.7 equally many people are cut off, at 1.0 a third of them."""
    pause_s: float = 0.6
    """While there are no words."""
    unsure_s: float = 1.4
    dictated_s: float = 1.4
    open_s: float = 1.6
    """After “and”, “to the”, “um”: longer than nearly all pauses of those who think."""
    doubt: float = 0.5
    """Below this, the audio model's opinion that the turn is over makes a statement an unsure one,
    and a finished question a statement. Of single words it knows too little."""

    def pause(self, evidence: Evidence) -> float:
        """Seconds of silence, from the last voiced sample, that end this turn."""
        shape = self._doubted(shape_of(evidence.text, evidence.language), evidence)
        silence_s = {
            Shape.ANSWER: self.finished_s,
            Shape.FINISHED: self.finished_s,
            Shape.STATEMENT: self.statement_s,
            Shape.UNSURE: self.unsure_s,
            Shape.DICTATED: self.dictated_s,
            Shape.OPEN: self.open_s,
            Shape.EMPTY: self.pause_s,
        }[shape]
        is_quick = shape in (Shape.ANSWER, Shape.FINISHED)
        return silence_s if is_quick else silence_s * evidence.habit.scale

    def _doubted(self, shape: Shape, evidence: Evidence) -> Shape:
        if evidence.ends_probability is None or evidence.ends_probability >= self.doubt:
            return shape
        return {Shape.FINISHED: Shape.STATEMENT, Shape.STATEMENT: Shape.UNSURE}.get(shape, shape)
