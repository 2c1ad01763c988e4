"""What providers cost: PRICES=deepgram:minute:0.0043, groq:in:0.075, groq:out:0.3 …"""

from collections.abc import Sequence

from environs import ValidationError

UNITS = ("minute", "in", "out", "characters")
"""A minute heard, a million tokens given to a model or taken from it, a million characters given
to a voice."""


def parse(entries: Sequence[str]) -> dict[str, dict[str, float]]:
    """By provider and unit. Raises ValidationError, which says how an entry looks."""
    prices: dict[str, dict[str, float]] = {}
    for entry in entries:
        provider, unit, price = _parts(entry)
        prices.setdefault(provider, {})[unit] = price
    return prices


def check(entries: Sequence[str]) -> None:
    """A validator."""
    parse(entries)


def _parts(entry: str) -> tuple[str, str, float]:
    parts = [part.strip() for part in entry.split(":")]
    try:
        provider, unit, price = parts[0], parts[1], float(parts[2])
    except (IndexError, ValueError):
        provider, unit, price = "", "", 0.0
    if not provider or unit not in UNITS or len(parts) != 3 or not 0 <= price < float("inf"):
        raise ValidationError(
            f"“{entry}” is no price: it looks like provider:unit:price, "
            f"where the unit is one of {', '.join(UNITS)}."
        )
    return provider, unit, price
