"""What a vendor's segments come to: their words, each told once, and what it thinks of the turn.
Pure."""

import math
from collections.abc import Sequence
from difflib import SequenceMatcher

from voice.providers.stt.wire import Heard
from voice.text.words import words_of

SETTLED_S = 0.3
"""Shorter than the shortest word with the silence that a finalise comes after."""


class Understood:
    def __init__(self) -> None:
        self.text = ""
        """Words that are not told for good."""
        self.turn_over: bool | None = None
        """As in Transcript."""
        self._segment = -1
        self._words: list[str] = []
        """All of the segment so far."""
        self._told: list[str] = []
        """Those that are told for good, though the segment may go on."""
        self._settled_s = -math.inf
        """How far in the sound the vendor has settled its words without being asked."""

    def take(self, heard: Heard, *, sent_s: float) -> bool:
        """Whether there is anything new in it. sent_s: how much sound there is."""
        until_s = min(heard.until_s, sent_s)
        if heard.ends_speech:
            self._settled_s = until_s
        if heard.segment != self._segment:
            self._segment, self._told = heard.segment, []
        before, self._words = self.text, heard.text.split()
        self.text = untold(self._words, self._told)
        has_judged = self._judge(heard.turn_over, until_s)
        return has_judged or self.text != before

    def settle(self) -> None:
        """Its words are told for good."""
        self.text, self._told = "", self._words

    def is_settled(self, until_s: float) -> bool:
        """All words that were said until then are told for good; only silence came after them."""
        return not self.text and self.is_heard_out(until_s)

    def is_heard_out(self, until_s: float) -> bool:
        """Only silence was heard between what the vendor has settled last and there."""
        return until_s - self._settled_s < SETTLED_S

    def _judge(self, turn_over: bool | None, until_s: float) -> bool:
        """Whether the vendor thinks otherwise now. That a turn is over holds until a word can have
        been said since."""
        before = self.turn_over
        if turn_over is not None or not self.is_settled(until_s):
            self.turn_over = turn_over
        return turn_over not in (None, before)


def untold(words: Sequence[str], told: Sequence[str]) -> str:
    """The words of a segment after those that were told, which may be written otherwise by now:
    "seventy five" becomes "75". To count words would lose one then, or tell one twice."""
    if not told:
        return " ".join(words)
    changes = SequenceMatcher(None, _plain(told), _plain(words), autojunk=False).get_opcodes()
    _, from_told, to_told, from_words, _ = changes[-1]
    # What the last change takes away was told, so as many of what it puts there are no news.
    return " ".join(words[from_words + to_told - from_told :])


def _plain(words: Sequence[str]) -> list[str]:
    return ["".join(words_of(word)) for word in words]
