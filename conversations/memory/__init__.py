"""What of all that was said and remembered enters a prompt."""

from conversations.memory.recalled import PastTurn, Recalled
from conversations.memory.recollection import recollect, search

__all__ = ["PastTurn", "Recalled", "recollect", "search"]
