"""How this conversation takes turns: what the machine is given beside its state. Pure."""

from dataclasses import dataclass, field

from voice.turns.endpointing import Endpointing
from voice.turns.interruption import Interruption


@dataclass(frozen=True, slots=True)
class Policy:
    endpointing: Endpointing = field(default_factory=Endpointing)
    interruption: Interruption = field(default_factory=Interruption)
    language: str = "en"
    """Of the agent, a BCP 47 tag."""
    speculations_max: int = 3
    """Replies begun on suspicion in one turn; each costs a request to the model. 0 for none."""
    speculation_pause_s: float = 0.8
    """No reply is begun on suspicion where it takes a longer pause to end the turn: the words say
    that more will come."""
    clause_pause_s: float = 0.35
    clause_words_min: int = 3
    """So many words, after which so short a pause ends the turn, are answered on suspicion without
    waiting for a dip of the voice: the words come later than the silence does."""
    transcript_s: float = 1.4
    """How long a pause waits for the ear's last words, from when it was asked for them, before the
    turn goes on without. The slowest ears in use take a second."""
    late_words_s: float = 6.0
    """How long after that its words still make a turn of what was forgotten for want of any: a slow
    ear, or a second one that heard it after the first had failed."""
    answer_s: float = 1.0
    """A word said over a reply so shortly before its end is an answer to it: “… shall I?” “Yes.”"""
