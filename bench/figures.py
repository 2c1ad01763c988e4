"""How figures are printed: the same in every bench."""

from collections.abc import Sequence
from statistics import quantiles


def percentile(values: Sequence[float], percent: int) -> float:
    """Inclusive: with 20 values the 95th is just below the largest."""
    if len(values) == 1:
        return values[0]
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def summary(name: str, values: Sequence[float], unit: str = "ms") -> str:
    """One row: median, 95th percentile, largest, and how many."""
    return (
        f"{name:<52} p50 {percentile(values, 50):8.1f}  p95 {percentile(values, 95):8.1f}"
        f"  max {max(values):8.1f} {unit}  (n={len(values)})"
    )
