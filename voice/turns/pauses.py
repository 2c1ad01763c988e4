"""How long this user pauses within a turn, learned as they talk. Pure."""

from dataclasses import dataclass, replace

USUAL_S = 0.5
"""Of somebody of whom nothing is known."""
PAUSE_S_MIN, PAUSE_S_MAX = 0.2, 1.5
"""What one pause can teach: shorter ones are gaps between words, longer ones have
another reason than thinking."""
RISE, FALL = 0.3, 0.1
"""How far one pause moves it. Being cut off is worse than waiting, so it rises faster."""
FORGET = 0.04
"""How far a turn without a pause takes it back; half of it is gone after 17."""
SCALE_MIN, SCALE_MAX = 0.8, 1.6


@dataclass(frozen=True, slots=True)
class Habit:
    usual_s: float = USUAL_S
    """Three in four of their pauses within a turn are shorter."""

    @property
    def scale(self) -> float:
        """How much longer to wait for them than for others."""
        return min(max(self.usual_s / USUAL_S, SCALE_MIN), SCALE_MAX)

    def with_pause(self, pause_s: float) -> "Habit":
        """After a pause of this length the same turn went on."""
        pause_s = min(max(pause_s, PAUSE_S_MIN), PAUSE_S_MAX)
        rate = RISE if pause_s > self.usual_s else FALL
        return replace(self, usual_s=self.usual_s + rate * (pause_s - self.usual_s))

    def with_fluent_turn(self) -> "Habit":
        """After a turn without a pause."""
        return replace(self, usual_s=self.usual_s + FORGET * (USUAL_S - self.usual_s))
