"""English."""

import re
from collections.abc import Mapping

from voice.text.wording import Noun, Wording


def _nouns(names: Mapping[str, str], irregular: Mapping[str, str]) -> Mapping[str, Noun]:
    return {sign: (name, irregular.get(name, f"{name}s")) for sign, name in names.items()}


def _time(hour: int, minute: int) -> str:
    if minute == 0:
        return f"{hour} o'clock" if hour <= 12 else f"{hour} hundred"
    return f"{hour} {'oh ' if minute < 10 else ''}{minute}"


def _half_day(found: re.Match[str]) -> str:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    said = f"{hour} {'oh ' if 0 < minute < 10 else ''}{minute or ''}".rstrip()
    return f"{said} {found['half'].upper()} M"


IRREGULAR = {
    "foot": "feet", "inch": "inches", "degree Celsius": "degrees Celsius",
    "degree Fahrenheit": "degrees Fahrenheit", "kilometre per hour": "kilometres per hour",
    "mile per hour": "miles per hour", "metre per second": "metres per second",
    "hertz": "hertz", "kilohertz": "kilohertz", "megahertz": "megahertz", "gigahertz": "gigahertz",
}  # fmt: skip
UNITS = {
    "km/h": "kilometre per hour", "kph": "kilometre per hour", "mph": "mile per hour",
    "m/s": "metre per second", "km": "kilometre", "cm": "centimetre", "mm": "millimetre",
    "m": "metre", "kg": "kilogram", "mg": "milligram", "g": "gram", "lbs": "pound", "lb": "pound",
    "oz": "ounce", "ml": "millilitre", "mL": "millilitre", "l": "litre", "L": "litre",
    "ft": "foot", "mi": "mile", "ms": "millisecond", "min": "minute", "hrs": "hour",
    "°C": "degree Celsius", "°F": "degree Fahrenheit", "°": "degree", "kB": "kilobyte",
    "KB": "kilobyte", "MB": "megabyte", "GB": "gigabyte", "TB": "terabyte", "Hz": "hertz",
    "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz", "kW": "kilowatt", "kWh":
    "kilowatt hour", "W": "watt", "V": "volt",
}  # fmt: skip

WORDING = Wording(
    decimal=".",
    thousands=",",
    dot="dot",
    at="at",
    percent="percent",
    plus="plus",
    minus="minus",
    times="times",
    divided="divided by",
    equals="equals",
    about="about",
    to="to",
    and_="and",
    or_="or",
    number="number",
    code="code left out",
    currencies={
        "$": (("dollar", "dollars"), ("cent", "cents")),
        "€": (("euro", "euros"), ("cent", "cents")),
        "£": (("pound", "pounds"), ("penny", "pence")),
        "¥": (("yen", "yen"), ("sen", "sen")),
        "₹": (("rupee", "rupees"), ("paisa", "paise")),
    },
    sum="{units} and {parts}",
    magnitudes={
        "k": "thousand", "K": "thousand", "m": "million", "M": "million", "bn": "billion",
        "b": "billion", "B": "billion", "tn": "trillion",
    },
    units=_nouns(UNITS, IRREGULAR),
    months=("January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December"),
    date="{month} {day}, {year}",
    time=_time,
    abbreviations={
        "e.g.,": "for example,", "e.g.": "for example,", "i.e.,": "that is,", "i.e.": "that is,",
        "etc.": "et cetera.", "and/or": "and or",
    },
    rules=(
        (
            re.compile(
                r"\b(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d))(?!:?\d)"
                r"\s?(?P<half>[aApP])\.?[mM]\b(?:\.(?=\s+[a-z,]))?"
            ),
            _half_day,
        ),
        (
            re.compile(r"\b(?P<hour>1[0-2]|[1-9])(?P<minute>)\s?(?P<half>[aApP])\.?[mM]\b"),
            _half_day,
        ),
    ),
)  # fmt: skip
