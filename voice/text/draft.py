"""A sentence that may still be being written: words that only ever become more. Pure.

Whoever reads it reads from the beginning and at its own pace: a voice that comes later, because an
earlier one failed, finds all that there is.
"""

from collections.abc import Callable


class Draft:
    def __init__(self, text: str = "", *, is_whole: bool = False) -> None:
        self.words: tuple[str, ...] = tuple(text.split())
        self.is_whole = is_whole
        """Nothing more is written."""
        self._listeners: list[Callable[[], None]] = []

    def add(self, text: str) -> None:
        """More whole words."""
        self.words += tuple(text.split())
        self._tell()

    def finish(self) -> None:
        self.is_whole = True
        self._tell()

    def listen(self, on_growth: Callable[[], None]) -> Callable[[], None]:
        """on_growth: called at each change. Returns what ends that."""
        self._listeners.append(on_growth)
        return lambda: self._listeners.remove(on_growth)

    def rest(self, first: int) -> "Draft":
        """The words from this one on, and what comes."""
        rest = Draft()

        def follow() -> None:
            rest.words, rest.is_whole = self.words[first:], self.is_whole
            rest._tell()

        follow()
        self.listen(follow)
        return rest

    def _tell(self) -> None:
        for on_growth in list(self._listeners):
            on_growth()
