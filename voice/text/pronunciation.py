"""How words are said that a voice would read wrongly: “Nguyen” as “win”. Pure."""

import re
from collections.abc import Mapping


class Pronunciation:
    """Replaces whole words, whatever their case, the longest first."""

    def __init__(self, said: Mapping[str, str]) -> None:
        """said: the word as it is written → as it is to be read aloud."""
        longest_first = sorted(filter(None, said), key=len, reverse=True)
        self._said = [said[written] for written in longest_first]
        choices = "|".join(f"({re.escape(written)})" for written in longest_first)
        self._words = re.compile(rf"(?<!\w)(?:{choices})(?!\w)", re.IGNORECASE)

    def of(self, text: str) -> str:
        """`text` as it is to be read aloud."""
        if not self._said:
            return text
        return self._words.sub(lambda found: self._said[(found.lastindex or 0) - 1], text)
