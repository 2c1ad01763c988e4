"""Where the words of a sentence lie in its sound: by the voice's own times as far as it gives
them, in proportion to their letters for the rest. Pure.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from voice.turns.alignment import Span, letters, pause_letters

Place = tuple[float, float]
"""From where to where; samples from the start of the sentence."""


class WordTime(NamedTuple):
    """Where a voice said a word, by its own account; samples from the start of the sentence."""

    word: int
    """Which of those that the voice was given, from 0."""
    start: int
    end: int | None = None
    """None where the voice does not say."""


def length(words: Sequence[str]) -> int:
    """Of a sentence without the silence around it, in letters."""
    paused = sum(map(pause_letters, words[:-1]))
    return max(1, sum(map(letters, words)) + paused)


def places(
    words: Sequence[str], times: Sequence[WordTime], begin: float, end: float
) -> list[Place]:
    """Where each of `words` lies. times: in order. begin, end: of what is heard of the
    sentence; they bound those words that have no times."""
    found: list[Place] = []
    known = [time for time in times if time.word < len(words)]
    behind = WordTime(len(words), round(end))
    first = known[0] if known else behind
    found += _shared(words[: first.word], begin, first.start, rests_behind=bool(known))
    for time, following in pairwise([*known, behind]):
        run, rests_behind = words[time.word : following.word], following is not behind
        if time.end is not None:
            found.append((time.start, time.end))
            run = run[1:]
        since = time.start if time.end is None else time.end
        if run:
            found += _shared(run, since, following.start, rests_behind=rests_behind)
    return found


def middle(span: Span, found: Sequence[Place]) -> float:
    """Of what lies between two points that are counted in words."""
    return (_at(span[0], found) + _at(span[1], found, is_end=True)) / 2


def _shared(
    words: Sequence[str], begin: float, end: float, *, rests_behind: bool = False
) -> Iterator[Place]:
    """rests_behind: other words follow, so that the pause behind the last counts."""
    pauses = [pause_letters(word) for word in words]
    if pauses and not rests_behind:
        pauses[-1] = 0
    sizes = [letters(word) for word in words]
    per_letter = max(0.0, end - begin) / max(1, sum(sizes) + sum(pauses))
    for size, pause in zip(sizes, pauses, strict=True):
        yield begin, begin + size * per_letter
        begin += (size + pause) * per_letter


def _at(point: float, found: Sequence[Place], *, is_end: bool = False) -> float:
    at = min(int(point), len(found) - 1)
    if is_end and point == at:
        return found[at - 1][1]
    begin, end = found[at]
    return begin + (point - at) * (end - begin)
