"""Where the words of a text lie in its sound, by what a vendor says of those that it spoke. Pure.

The two differ: vendors drop punctuation, spell out numbers, split words and join them. What they
say is matched to the text in order, so that each word of the text is told once at most.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

AHEAD_WORDS = 4
"""So many words of the text may a vendor have passed over before one that it names."""


class Mark(NamedTuple):
    """Something that is said, and from where to where; seconds."""

    text: str
    start_s: float
    end_s: float


class Timing:
    """Words come in order, with starts that never decrease, as soon as they are complete. One that
    the vendor does not name has the place of what it said instead."""

    def __init__(self, text: str) -> None:
        self._words = text.split()
        self._plain = [_plain(word) for word in self._words]
        self._next = 0
        """Index of the first word that has not begun."""
        self._begun: Mark | None = None
        """A word of which only a part has been said."""
        self._missing = ""
        """The rest of it."""
        self._unknown_s: float | None = None
        """Where the vendor began to say something that is not in the text."""
        self._start_s = self._end_s = 0.0
        """Of what the vendor said last."""

    @property
    def word_count(self) -> int:
        """Of the text."""
        return len(self._words)

    @property
    def word_count_said(self) -> int:
        """Those that are complete."""
        return self._next - (self._begun is not None)

    def grow(self, text: str) -> None:
        """More words follow."""
        words = text.split()
        self._words += words
        self._plain += [_plain(word) for word in words]

    def heard(self, mark: Mark) -> list[Mark]:
        """The words of the text that are complete with this one of the vendor's."""
        plain = _plain(mark.text)
        if not plain:
            return []
        self._start_s = max(mark.start_s, self._start_s)
        self._end_s = max(mark.end_s, self._start_s)
        if self._begun and self._missing.startswith(plain):
            self._begun = self._begun._replace(end_s=self._end_s)
            self._missing = self._missing[len(plain) :]
            return [] if self._missing else self._complete()
        return self._complete() + self._match(plain)

    def rest(self) -> list[Mark]:
        """Words at the end of which only now is known that they are over: those that were said
        differently, and mere signs."""
        complete = self._complete()
        only_signs = self._next > 0 and self._next_speakable() == len(self._words)
        if self._unknown_s is not None or only_signs:
            complete += self._pass_over(len(self._words), self._end_s)
        return complete

    def _match(self, plain: str) -> list[Mark]:
        for first in self._candidates():
            end, missing = self._reach(first, plain)
            if end and (not missing or first == self._next_speakable()):
                return self._begin(first, end, missing)
        if self._unknown_s is None:
            self._unknown_s = self._start_s
        return []

    def _candidates(self) -> Iterator[int]:
        for index in range(self._next_speakable(), len(self._words))[:AHEAD_WORDS]:
            if self._plain[index]:
                yield index

    def _next_speakable(self) -> int:
        index = self._next
        while index < len(self._plain) and not self._plain[index]:
            index += 1
        return index

    def _reach(self, first: int, plain: str) -> tuple[int, str]:
        """If `plain` is said from the word `first` on: the index behind the last that it reaches,
        and what it leaves of that one. Otherwise (0, "")."""
        for index in range(first, len(self._plain)):
            word = self._plain[index]
            if word.startswith(plain):
                return index + 1, word[len(plain) :]
            if not plain.startswith(word):
                break
            plain = plain[len(word) :]
        return 0, ""

    def _begin(self, first: int, end: int, missing: str) -> list[Mark]:
        marks = self._pass_over(first, self._start_s)
        marks += [Mark(word, self._start_s, self._end_s) for word in self._words[first:end]]
        self._next = end
        if missing:
            self._begun, self._missing = marks.pop(), missing
        return marks

    def _pass_over(self, until: int, end_s: float) -> list[Mark]:
        """The words before `until` that were not named."""
        start_s = end_s if self._unknown_s is None else self._unknown_s
        words = self._words[self._next : until]
        self._next, self._unknown_s = until, None
        return [Mark(word, start_s, end_s) for word in words]

    def _complete(self) -> list[Mark]:
        begun, self._begun = self._begun, None
        return [begun] if begun else []


class Letters:
    """Characters with their places → words with theirs."""

    def __init__(self) -> None:
        self._word: Mark | None = None

    def feed(self, letters: Iterable[Mark], offset_s: float) -> Iterator[Mark]:
        """Yield the words that are complete, `offset_s` after what the letters say."""
        for letter, start_s, end_s in letters:
            if letter.isspace():
                yield from self.rest()
                continue
            before = self._word or Mark("", start_s + offset_s, 0.0)
            self._word = Mark(before.text + letter, before.start_s, end_s + offset_s)

    def rest(self) -> Iterator[Mark]:
        if self._word:
            yield self._word
            self._word = None


def _plain(word: str) -> str:
    """What there is to hear of it, without accents, which are written in more than one way."""
    return "".join(letter for letter in normalize("NFKD", word.casefold()) if letter.isalnum())
