"""When a pause is the end of the user's turn: how much silence it takes, given what was said. Pure.

Asked again whenever something new is known: words, or an audio model's opinion. Four sources, each
in a file of its own: silence, the shape of the transcript (completeness.py), this user's own pauses
(pauses.py), and the voice itself (voice/audio/smart_turn.py). `bench/turns` measures what each
is worth. An ear that judges turns by itself (Deepgram Flux) goes before all of them.
"""

from collections.abc import Mapping
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
    before."""
    pause_s: float = 0.6
    """While there are no words."""
    unsure_s: float = 1.4
    dictated_s: float = 1.6
    open_s: float = 1.6
    """After “and”, “to the”, “um”: longer than nearly all pauses of those who think."""
    finished_doubt: float = 0.5
    """Where the audio model thinks it less probable that the turn is over, a finished question is
    taken for a statement;"""
    statement_doubt: float = 0.9
    """and here a statement for an unsure one. Of single words it knows too little."""

    def pause(self, evidence: Evidence) -> float:
        """Seconds of silence, from the last voiced sample, that end this turn."""
        if evidence.turn_over is not None:
            return 0.0 if evidence.turn_over else self.open_s
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
        probability = evidence.ends_probability
        if probability is None:
            return shape
        if shape is Shape.FINISHED and probability < self.finished_doubt:
            return Shape.STATEMENT
        if shape is Shape.STATEMENT and probability < self.statement_doubt:
            return Shape.UNSURE
        return shape


PATIENCE: Mapping[str, Endpointing] = {
    "quick": Endpointing(),
    "patient": Endpointing(statement_s=1.0),
}
"""By what an agent is set to. Of those who stop to think after what could be a whole sentence, the
patient one cuts off a third as many, and answers every statement half a second later."""
