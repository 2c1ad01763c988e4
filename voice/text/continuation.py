"""What is new in a text that was asked to go on from another one. Pure.

Models that are told to go on with the next word like to say the last few again.
"""

import re

OVERLAP_WORDS_MIN = 3
"""Fewer may well begin the next sentence too: “… is blue. Blue is …”"""

_WORD = re.compile(r"\w+(?:['’]\w+)*")


class Continuation:
    """Feed it what comes, token by token; it gives back what had not been said."""

    def __init__(self, said: str) -> None:
        self._said = [word.lower() for word in _WORD.findall(said)]
        self._held = ""
        self._is_decided = len(self._said) < OVERLAP_WORDS_MIN

    def feed(self, token: str) -> str:
        if self._is_decided:
            return token
        self._held += token
        # The last word may still grow.
        words = list(_WORD.finditer(self._held))[:-1]
        if self._may_overlap([word.group().lower() for word in words]):
            return ""
        return self._decide()

    def flush(self) -> str:
        """The rest, once nothing more comes."""
        return "" if self._is_decided else self._decide()

    def _may_overlap(self, words: list[str]) -> bool:
        """Whether some end of what was said begins with these words and is longer."""
        count = len(words)
        return any(
            self._said[start : start + count] == words
            for start in range(len(self._said) - max(count, OVERLAP_WORDS_MIN) + 1)
            if start + count <= len(self._said)
        )

    def _decide(self) -> str:
        self._is_decided = True
        found = list(_WORD.finditer(self._held))
        words = [word.group().lower() for word in found]
        for start in range(len(self._said) - OVERLAP_WORDS_MIN + 1):
            end = self._said[start:]
            if words[: len(end)] == end:
                return self._held[found[len(end) - 1].end() :].lstrip(" .,;:!?…\"'”’)")
        return self._held
