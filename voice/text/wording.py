"""What a language needs to say signs, sums, units, dates and times aloud. Pure.

Digits stay digits: voices read those well, in every language. What they get wrong is what stands
around them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Noun = tuple[str, str]
"""Of one, and of more."""
Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    decimal: str
    thousands: str
    """What may stand between groups of three digits: one of these characters."""

    dot: str
    """In an address."""
    at: str
    """“@”"""
    percent: str
    plus: str
    minus: str
    times: str
    divided: str
    equals: str
    about: str
    """“≈”"""
    to: str
    """From 3 to 5."""
    and_: str
    or_: str
    number: str
    """“#” before digits."""
    code: str
    """What stands for a block of code."""

    currencies: Mapping[str, tuple[Noun, Noun]]
    """By sign: the unit, and its hundredth part."""
    sum: str
    """Of {units} and {parts}, each with its noun; {part} is the latter's number alone."""
    of: Noun = ("", "")
    """Between millions and what they are of; the second one before a vowel."""
    magnitudes: Mapping[str, str]
    """Abbreviated millions and the like."""
    units: Mapping[str, Noun]
    """By abbreviation."""

    months: tuple[str, ...]
    date: str
    """Of {day}, {month} and {year}."""
    first: str = "1"
    """Of the month."""
    day_first: str = ""
    """The characters of which one stands between the numbers of a date that begins with its day."""
    time: Callable[[int, int], str]
    """(hour, minute) on the clock of 24 hours."""
    hours: str = ":"
    """What stands between hours and minutes: one of these characters."""
    o_clock: str = ""
    """What may be written behind a time and is said within it."""

    abbreviations: Mapping[str, str]
    """With their full stops."""
    rules: tuple[Rule, ...] = ()
    """What is peculiar to it, before all others."""


def units(**nouns: Noun) -> Mapping[str, Noun]:
    """The abbreviations that are the same in all languages, by what their keys here say in words;
    bytes, hertz and watts, which are too, need no noun."""
    written = {SIGNS[name]: noun for name, noun in nouns.items()}
    return {**UNCHANGED, **written}


SIGNS = {
    "km_h": "km/h", "m_s": "m/s", "km": "km", "m": "m", "cm": "cm", "mm": "mm", "kg": "kg",
    "g": "g", "mg": "mg", "l": "l", "ml": "ml", "h": "h", "min": "min", "s": "s", "ms": "ms",
    "celsius": "°C", "fahrenheit": "°F", "degree": "°", "m2": "m²", "km2": "km²",
}  # fmt: skip
UNCHANGED = {
    sign: (name, name)
    for sign, name in {
        "kB": "Kilobyte", "KB": "Kilobyte", "MB": "Megabyte", "GB": "Gigabyte", "TB": "Terabyte",
        "Hz": "Hertz", "kHz": "Kilohertz", "MHz": "Megahertz", "GHz": "Gigahertz", "W": "Watt",
        "kW": "Kilowatt", "V": "Volt",
    }.items()
}  # fmt: skip
