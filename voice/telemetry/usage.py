"""What providers were used for, and what that costs by the prices in the settings. It is counted
when it happens, whether or not it became part of an answer: it is paid for in any case.
"""

from collections.abc import Mapping

from django.conf import settings

from voice.telemetry.meters import meters

MILLION = 1_000_000
SECONDS = 60

PER: Mapping[str, tuple[str, float]] = {
    "heard_s": ("minute", SECONDS),
    "tokens_in": ("in", MILLION),
    "tokens_out": ("out", MILLION),
    "characters": ("characters", MILLION),
}
"""By series: the price in PRICES that it goes by, and how many of its units that is for."""


def spend(stage: str, provider: str, user: int | None, **amounts: float) -> None:
    """Count it, and what it costs. user: on whose behalf; None for nobody's in particular.
    amounts: by series, as in PER."""
    into, label = meters(), f"{stage}/{provider}"
    prices = settings.PRICES.get(provider, {})
    for series, amount in amounts.items():
        unit, per = PER[series]
        into.count(series, label, by=amount)
        if cost := prices.get(unit, 0.0) * amount / per:
            into.count("cost_by_provider", label, by=cost)
            if user is not None:
                into.count("cost_by_user", str(user), by=cost)
