"""How often a second provider may be started beside a late one. Pure."""

SHARE = 0.05
"""Of all requests. Late is beyond the 95th percentile, so a provider that is well needs no more."""
BURST = 4.0
"""So many at once: enough to open the breaker of one that hangs."""


class HedgeBudget:
    """For one stage of one process."""

    def __init__(self) -> None:
        self._saved = BURST

    def earn(self) -> None:
        """Another request was made."""
        self._saved = min(BURST, self._saved + SHARE)

    def spend(self) -> bool:
        """Whether a hedge may be started; if so, it is paid for."""
        if self._saved < 1.0:
            return False
        self._saved -= 1.0
        return True
