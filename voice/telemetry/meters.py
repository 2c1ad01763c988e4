"""Counters and histograms of this process. Adding to one takes about a microsecond and waits for
nobody; it belongs to the event loop, and is read from any thread.

What was added is kept twice: in all since the process began, where it is exposed (`snapshot`), and
since it was last taken away for the database (`drain`).
"""

from functools import cache
from typing import NamedTuple

from voice.telemetry.buckets import LAST, bucket_of, quantile
from voice.telemetry.series import SERIES, Series

COUNTER = -1
"""The bucket of what has none."""


class Key(NamedTuple):
    name: str
    label: str = ""
    bucket: int = COUNTER


class Sum(NamedTuple):
    """How often, and how much in all."""

    times: int
    total: float

    def plus(self, other: "Sum") -> "Sum":
        return Sum(self.times + other.times, self.total + other.total)


NOTHING = Sum(0, 0.0)


class Meters:
    def __init__(self) -> None:
        self._sums: dict[Key, Sum] = {}
        self._new: dict[Key, Sum] = {}

    def count(self, name: str, label: str = "", by: float = 1.0) -> None:
        """It happened once more, and `by` is how much of it. Raises KeyError for a name that is
        not in the catalogue."""
        self._add(SERIES[name], Key(name, label), by)

    def observe(
        self, name: str, value: float, label: str = "", *, among: float | None = None
    ) -> None:
        """One more value of a histogram. among: the value whose bucket it is counted in, where
        that is not its own. Raises KeyError likewise."""
        bucket = bucket_of(value if among is None else among)
        self._add(SERIES[name], Key(name, label, bucket), value)

    def quantile(self, name: str, q: float, label: str = "") -> float | None:
        """Of what was observed since the process began; None where nothing was."""
        found = {bucket: self._sums.get(Key(name, label, bucket)) for bucket in range(LAST + 2)}
        return quantile({bucket: one.times for bucket, one in found.items() if one}, q)

    def snapshot(self) -> dict[Key, Sum]:
        """Since the process began, of the series that are exposed."""
        return self._sums.copy()

    def drain(self) -> dict[Key, Sum]:
        """Take what was added since the last time."""
        new, self._new = self._new, {}
        return new

    def _add(self, series: Series, key: Key, value: float) -> None:
        added = Sum(1, value)
        if series.is_exposed:  # the others have labels without end
            self._sums[key] = self._sums.get(key, NOTHING).plus(added)
        self._new[key] = self._new.get(key, NOTHING).plus(added)


@cache
def meters() -> Meters:
    """Those of this process."""
    return Meters()


def count(name: str, label: str = "", by: float = 1.0) -> None:
    """In the meters of this process."""
    meters().count(name, label, by)


def observe(name: str, value: float, label: str = "", *, among: float | None = None) -> None:
    """In the meters of this process."""
    meters().observe(name, value, label, among=among)
