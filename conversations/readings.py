"""What was counted within some time, and what can be read from it. Pure.

Histograms have the buckets of voice/telemetry/buckets.py: eight to an octave from 1 to 65,536, so
that a quantile is within 4.5 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

PER_OCTAVE, LAST = 8, 128
"""LAST + 1 is the bucket of what is beyond 65,536."""


class Sum(NamedTuple):
    """How often, and how much in all."""

    times: int = 0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Readings:
    """Of one window. A label of None stands for all labels together."""

    since: datetime
    until: datetime
    sums: Mapping[str, Mapping[tuple[str, int], Sum]] = field(default_factory=dict)
    """By the name of the series, then by label and bucket."""

    @property
    def seconds(self) -> float:
        """How much time it covers: a window begins with a whole minute or hour."""
        return (self.until - self.since).total_seconds()

    def labels(self, name: str) -> list[str]:
        """In order."""
        return sorted({label for label, _ in self.sums.get(name, {})})

    def count(self, name: str, label: str | None = None) -> int:
        """How often it happened."""
        return sum(one.times for _, one in self._of(name, label))

    def total(self, name: str, label: str | None = None) -> float:
        """How much in all, in the unit of the series."""
        return sum(one.total for _, one in self._of(name, label))

    def mean(self, name: str, label: str | None = None) -> float | None:
        """None where there is nothing."""
        count = self.count(name, label)
        return self.total(name, label) / count if count else None

    def quantile(self, name: str, q: float, label: str | None = None) -> float | None:
        """None where there is nothing. Within 4.5 %, from 1 to 65,536; 0 stands for 1 or less."""
        bucket = self._bucket(name, q, label)
        return None if bucket is None else middle(bucket)

    def parts(self, q: float) -> dict[str, float]:
        """What the wait for an answer consisted of in turns around this quantile of the whole:
        the parts add up to total_ms, which is theirs. Empty where there are no such turns."""
        bucket = self._bucket("turn_part_ms", q, "total_ms")
        found = self.sums.get("turn_part_of_total_ms", {})
        parts = {label: one.total / one.times for (label, at), one in found.items() if at == bucket}
        return parts | {"total_ms": sum(parts.values())} if parts else {}

    def _of(self, name: str, label: str | None) -> list[tuple[int, Sum]]:
        found = self.sums.get(name, {})
        return [(bucket, one) for (of, bucket), one in found.items() if label in (None, of)]

    def _bucket(self, name: str, q: float, label: str | None) -> int | None:
        counts: dict[int, int] = {}
        for bucket, one in self._of(name, label):
            counts[bucket] = counts.get(bucket, 0) + one.times
        return bucket_at(counts, q)


@dataclass(frozen=True, slots=True)
class Point:
    """One minute, or hour, of a chart."""

    at: datetime
    turns: int = 0
    errors: int = 0
    p50_ms: float | None = None
    """Of total_ms."""
    p95_ms: float | None = None


def middle(bucket: int) -> float:
    """What a value in this bucket is taken for."""
    if bucket <= 0:
        return 0.0
    return 65_536.0 if bucket > LAST else 2.0 ** ((bucket - 0.5) / PER_OCTAVE)


def bucket_at(counts: Mapping[int, int], q: float) -> int | None:
    """The bucket in which this quantile lies; None where all are empty."""
    rank = max(1, math.ceil(q * sum(counts.values())))
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0:
            return bucket
    return None
