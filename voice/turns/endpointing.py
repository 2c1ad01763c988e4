"""When a pause is the end of the user's turn. Pure; for now silence alone decides."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Endpointing:
    pause_s: float = 0.6
    """Silence that ends a turn, from the last voiced sample. Other assistants that go by silence
    alone wait 0.5 to 0.7 s; our recordings pause for 0.22 s at most within a turn, which says
    nothing about people who think while they speak."""
    transcript_s: float = 1.0
    """How long a finished pause waits for the ear's last words before it goes on without."""

    def wait_s(self, *, now: float, ended_at: float) -> float:
        """How much of the pause is left."""
        return max(0.0, ended_at + self.pause_s - now)
