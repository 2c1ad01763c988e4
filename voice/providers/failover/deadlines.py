"""How long each stage waits, and for what. Seconds.

The guesses stand in while a provider's own pace is not known yet; the rest are limits that hold
for every provider. A total is what a single answer may take.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadlines:
    first_s: float
    """To the first item, connecting included."""
    gap_s: float
    """Between two items."""
    total_s: float
    first_guess_s: float
    """What is late for a first item, while that is not known of the provider."""
    gap_guess_s: float
    floor_s: float
    """Nothing is late before: a busy event loop takes this long."""
    spares_last_resort: bool = False
    """Its answer is so much worse that a late provider gets twice its time before."""


THINK = Deadlines(
    first_s=4.0,
    gap_s=2.5,
    total_s=60.0,
    first_guess_s=0.8,
    gap_guess_s=0.4,
    floor_s=0.15,
    spares_last_resort=True,
)
SPEAK = Deadlines(
    first_s=3.0,
    gap_s=2.0,
    total_s=60.0,
    first_guess_s=0.6,
    gap_guess_s=0.3,
    floor_s=0.15,
    spares_last_resort=True,
)
HEAR = Deadlines(
    first_s=4.0, gap_s=4.0, total_s=60.0, first_guess_s=0.4, gap_guess_s=0.4, floor_s=0.15
)
"""Here the first item is the answer to `finalise`: users wait for nothing else of an ear."""
SEARCH = Deadlines(
    first_s=6.0, gap_s=6.0, total_s=6.0, first_guess_s=1.5, gap_guess_s=1.5, floor_s=0.15
)
"""All of it is one item. Behind it the model needs its time before the user loses patience."""
