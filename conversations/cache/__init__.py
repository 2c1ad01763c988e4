"""Answers that were given once and may be given again.

What decides is pure: `questions` (may this be asked of the cache at all), `keeping` (may this
answer be kept) and `deciding` (does it answer that question). `entries` and `audio` are the rows,
`finding` looks for one.
"""

from conversations.cache.audio import Sentence, Spoken, keep_audio
from conversations.cache.deciding import NEAR, cosine, may_answer, why_not
from conversations.cache.entries import clear, count_hit, drop, keep, purge
from conversations.cache.finding import Answer, Partition, find
from conversations.cache.keeping import Given, why_not_kept
from conversations.cache.questions import asks_for_time, is_personal, why_not_asked

__all__ = [
    "NEAR",
    "Answer",
    "Given",
    "Partition",
    "Sentence",
    "Spoken",
    "asks_for_time",
    "clear",
    "cosine",
    "count_hit",
    "drop",
    "find",
    "is_personal",
    "keep",
    "keep_audio",
    "may_answer",
    "purge",
    "why_not",
    "why_not_asked",
    "why_not_kept",
]
