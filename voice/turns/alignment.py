"""Which spoken words stand for which written ones: “$5” is “5 dollars” to the voice. Pure.

What is read aloud differs from what was written: numbers get their units, sites their dots, marks
disappear, and names are respelled.
"""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import accumulate, pairwise

DIGIT_LETTERS = 4
"""A digit is spoken like so many letters: “4” and “20” a little less, years and hundreds more."""
PAUSE_LETTERS = 4
"""A comma or colon is a pause of so many letters: 0.28 s by espeak's word times."""
PAUSES = ",;:.!?…"
MARKS = "\"'“”„‘’«»*_~`()[]{}<>|\\.,;:!?…¿¡–—"
CLOSERS = "\"'”’»)]}*_"

Span = tuple[float, float]
"""From where to where, counted in spoken words: (1.0, 3.0) is the second and the third."""


@lru_cache(maxsize=4096)
def letters(word: str) -> int:
    """How long a word takes, in letters; 0 for what has no sound."""
    return sum(DIGIT_LETTERS if char.isdigit() else char.isalnum() for char in word)


@lru_cache(maxsize=4096)
def pause_letters(word: str) -> int:
    """How long the voice rests behind it, in letters."""
    return PAUSE_LETTERS if word.rstrip(CLOSERS).endswith(tuple(PAUSES)) else 0


@lru_cache(maxsize=256)
def spans(written: str, spoken: str) -> tuple[Span | None, ...]:
    """Where each word of `written` lies in `spoken`, None for one without a sound. Exact where the
    words are the same, in proportion within what was replaced."""
    ours, theirs = written.split(), spoken.split()
    found: list[Span | None] = [None] * len(ours)
    matcher = SequenceMatcher(None, [*map(_plain, ours)], [*map(_plain, theirs)], autojunk=False)
    for kind, begin, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            same = ((float(at), at + 1.0) for at in range(first, last))
            found[begin:end] = [
                span if letters(word) else None
                for word, span in zip(ours[begin:end], same, strict=True)
            ]
        elif kind == "replace":
            found[begin:end] = _shared(ours[begin:end], theirs[first:last], first)
    return tuple(found)


def _shared(ours: Sequence[str], theirs: Sequence[str], first: int) -> Iterator[Span | None]:
    """The spoken words, the first of which is number `first`, dealt out to the written ones."""
    sizes = [*map(letters, ours)]
    if not any(sizes):  # “%” is “percent”
        sizes = [1] * len(ours)
    lengths = [letters(word) or 1 for word in theirs]
    scale = sum(lengths) / sum(sizes)
    edges = [_place(size * scale, lengths) for size in accumulate(sizes, initial=0)]
    for size, (begin, end) in zip(sizes, pairwise(edges), strict=True):
        yield (first + begin, first + end) if size else None


def _place(letters_in: float, lengths: Sequence[int]) -> float:
    """So many letters into words of these lengths, counted in words."""
    for at, length in enumerate(lengths):
        if letters_in < length:
            return at + letters_in / length
        letters_in -= length
    return float(len(lengths))


def _plain(word: str) -> str:
    """What has to be the same in a written and a spoken word; “$” and “%” are said."""
    return "".join(char for char in word.casefold() if char not in MARKS) or word
