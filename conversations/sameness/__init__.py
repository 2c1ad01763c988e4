"""Whether two questions ask for the same thing, so that one's answer would answer the other. Pure.

Nearness of meaning is not enough: “how far is 35 weeks” and “how far is 37 weeks” have a cosine of
0.98. So each difference that changes an answer has a rule of its own (rules.py), and everything
that is not known to be harmless counts as a difference.
"""

from conversations.sameness.marks import marks, spoken
from conversations.sameness.question import Question
from conversations.sameness.rules import difference

__all__ = ["Question", "difference", "marks", "spoken"]
