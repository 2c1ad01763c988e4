"""Names and words that are often heard wrong, as many of them as a vendor takes."""

import math
from collections.abc import Iterable

from voice.providers.text import sendable


def fitting(
    terms: Iterable[str], *, count_max: int, characters_max: float = math.inf, term_max: int = 0
) -> list[str]:
    """The first of the terms, each once. Too many are refused, or worse, taken silently.

    characters_max: of all of them together. term_max: longer ones are left out; 0 for no limit."""
    chosen: list[str] = []
    for term in dict.fromkeys(sendable(" ".join(term.split())) for term in terms):
        if not term or (term_max and len(term) > term_max):
            continue
        if len(chosen) == count_max or sum(map(len, chosen)) + len(term) > characters_max:
            break
        chosen.append(term)
    return chosen
