"""What changed between two texts, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

WORDS_MAX = 3_000
"""Pieces of a text that are compared with each other; of a longer one whole lines are."""
AROUND = 24
"""Pieces that are left standing on each side of a change, words and spaces together."""


class Kind(Enum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"
    LEFT_OUT = "left out"
    """Of what is the same, far from any change."""


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str


def difference(before: str, after: str) -> tuple[Piece, ...]:
    """The way from one to the other, in order: what goes comes before what takes its place, and
    long stretches that stay are left out."""
    old, new = _words(before), _words(after)
    if max(len(old), len(new)) > WORDS_MAX:
        old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return tuple(_pieces(old, new))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _pieces(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            yield from _shortened(
                old[old_from:old_to], begins=old_from == 0, ends=old_to == len(old)
            )
            continue
        if old_from < old_to:
            yield Piece(Kind.REMOVED, "".join(old[old_from:old_to]))
        if new_from < new_to:
            yield Piece(Kind.ADDED, "".join(new[new_from:new_to]))


def _shortened(words: Sequence[str], *, begins: bool, ends: bool) -> Iterator[Piece]:
    """Something that stays the same. Before the first change only its end matters, behind the last
    one only its beginning."""
    head, tail = (0 if begins else AROUND), (0 if ends else AROUND)
    if len(words) <= head + tail + AROUND:
        yield Piece(Kind.SAME, "".join(words))
        return
    if head:
        yield Piece(Kind.SAME, "".join(words[:head]))
    yield Piece(Kind.LEFT_OUT, "…")
    if tail:
        yield Piece(Kind.SAME, "".join(words[-tail:]))
