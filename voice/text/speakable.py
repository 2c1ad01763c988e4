"""From what a model writes to what a voice should say: English, and only what is often said wrong.

Pure. Digits stay digits where voices read them well (years, counts, decimals); spelling everything
out (num2words) brought nothing but a dependency. Other languages get the markup removed, no more.
"""

import re
from collections.abc import Callable

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]

CURRENCIES = {
    "$": ("dollar", "cent"),
    "€": ("euro", "cent"),
    "£": ("pound", "penny"),
    "¥": ("yen", "sen"),
    "₹": ("rupee", "paisa"),
}
PLURALS = {"penny": "pence", "yen": "yen", "sen": "sen", "paisa": "paise", "foot": "feet",
           "inch": "inches", "degree Celsius": "degrees Celsius",
           "degree Fahrenheit": "degrees Fahrenheit", "kilometre per hour": "kilometres per hour",
           "mile per hour": "miles per hour", "metre per second": "metres per second",
           "hertz": "hertz", "kilohertz": "kilohertz", "megahertz": "megahertz",
           "gigahertz": "gigahertz"}  # fmt: skip
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
MAGNITUDES = {"k": "thousand", "K": "thousand", "m": "million", "M": "million", "bn": "billion",
              "b": "billion", "B": "billion", "tn": "trillion"}  # fmt: skip
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
UNIT = "|".join(sorted(map(re.escape, UNITS), key=len, reverse=True))
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"

MARKUP: list[Rule] = [
    (re.compile(r"```[\s\S]*?(?:```|\Z)"), " (code left out) "),
    (re.compile(r"!\[([^\]]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"`([^`]*)`"), r"\1"),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*+•]|>)[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\|?[-:| ]{3,}\|[-:| ]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE), lambda m: m[1].strip().replace("|", ",")),
    (re.compile(r"(\*\*\*|\*\*|\*|__|~~)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), " "),
    (re.compile(r"\*{2,}"), ""),
    (
        re.compile(  # pictures, flags, dingbats and what joins them; no letters of any script
            "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\ufe0f\u200d\u20e3]"
        ),
        "",
    ),
]


def _money(found: re.Match[str]) -> str:
    whole, part, unit = found["whole"], found["part"], CURRENCIES[found["sign"]]
    if magnitude := found["magnitude"]:
        amount = whole + (f".{part}" if part else "")
        return f"{amount} {MAGNITUDES.get(magnitude, magnitude.lower())} {_plural(unit[0], '2')}"
    if part and len(part) != 2:
        return f"{whole}.{part} {_plural(unit[0], '2')}"
    words = [f"{whole} {_plural(unit[0], whole)}"] if whole != "0" or not part else []
    if part and int(part):
        words.append(f"{int(part)} {_plural(unit[1], str(int(part)))}")
    return " and ".join(words) or f"0 {_plural(unit[0], '0')}"


def _measure(found: re.Match[str]) -> str:
    return f"{found['number']} {_plural(UNITS[found['unit']], found['number'])}"


def _time(found: re.Match[str]) -> str:
    hour, minute, half = int(found["hour"]), found["minute"], found["half"]
    after = f" {half[0].upper()} M" if half else ""
    if minute is None:
        return f"{hour}{after}"
    if minute == "00":
        return f"{hour}{after}" if half else f"{hour} o'clock" if hour <= 12 else f"{hour} hundred"
    return f"{hour} {'oh ' if minute[0] == '0' else ''}{int(minute)}{after}"


def _date(found: re.Match[str]) -> str:
    return f"{MONTHS[int(found['month']) - 1]} {int(found['day'])}, {found['year']}"


def _link(found: re.Match[str]) -> str:
    """The site is worth saying, its paths and parameters are not."""
    end = found["path"][-1:] if found["path"][-1:] in ".,!?;:" else ""
    return found["site"].replace(".", " dot ") + end


def _plural(unit: str, number: str) -> str:
    return unit if number == "1" else PLURALS.get(unit, f"{unit}s")


ENGLISH: list[Rule] = [
    (re.compile(r"https?://(?:www\.)?(?P<site>[\w-]+(?:\.[\w-]+)+(?::\d+)?)(?P<path>\S*)"), _link),
    (
        re.compile(r"(?P<user>[\w.+-]+)@(?P<site>[\w-]+(?:\.[\w-]+)+)"),
        lambda m: f"{m['user']} at {m['site'].replace('.', ' dot ')}",
    ),
    (
        re.compile(
            rf"(?P<sign>[{''.join(CURRENCIES)}])(?P<whole>\d+(?:,\d{{3}})*)(?:\.(?P<part>\d+))?"
            r"(?:\s?(?P<magnitude>[kKmMbB]|bn|tn|thousand|million|billion|trillion)\b)?"
        ),
        _money,
    ),
    (
        re.compile(
            r"\b(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b(?!-)"
        ),
        _date,
    ),
    (
        re.compile(
            r"\b(?P<hour>[01]?\d|2[0-3])(?::(?P<minute>[0-5]\d))(?!:?\d)"
            r"(?:\s?(?P<half>[aApP])\.?[mM]\b(?:\.(?=\s+[a-z,]))?)?"
        ),
        _time,
    ),
    (
        re.compile(r"\b(?P<hour>1[0-2]|[1-9])(?P<minute>)\s?(?P<half>[aApP])\.?[mM]\b"),
        lambda m: f"{m['hour']} {m['half'].upper()} M",
    ),
    (
        re.compile(rf"(?P<number>{NUMBER})\s?(?P<unit>{UNIT})(?![\w/°])"),
        _measure,
    ),
    (re.compile(rf"(?P<number>{NUMBER})\s?%"), r"\g<number> percent"),
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),
    (re.compile(r"(?<=\d)\s[-−]\s(?=\d)"), " minus "),
    (re.compile(r"(?<=\d)\s?[–—]\s?(?=\d)"), " to "),
    (re.compile(r"(?<![-\w])(\d{1,2})-(?=\d{1,2}\b(?!-))"), r"\1 to "),
    (re.compile(r"(?<![\w.])[-−](?=\d)"), "minus "),
    (re.compile(r"(?<=\d)\s?[×*]\s?(?=\d)"), " times "),
    (re.compile(r"(?<=\d)\s?÷\s?(?=\d)"), " divided by "),
    (re.compile(r"(?<=[\w)])\s?=\s?(?=[\w(-])"), " equals "),
    (re.compile(r"(?<=\d)\s?\+\s?(?=\d)"), " plus "),
    (re.compile(r"\s?≈\s?"), " about "),
    (re.compile(r"\s&\s"), " and "),
    (re.compile(r"#(?=\d)"), "number "),
    (re.compile(r"\be\.g\.,?"), "for example,"),
    (re.compile(r"\bi\.e\.,?"), "that is,"),
    (re.compile(r"\betc\."), "et cetera."),
    (re.compile(r"\band/or\b"), "and or"),
    (re.compile(r"(?<=[a-z])/(?=[a-z])"), " or "),
    (re.compile(r"[*_~^\\|<>{}\[\]]"), " "),
]
SPACES: list[Rule] = [
    (re.compile(r"[ \t]*\n\s*"), "\n"),
    (re.compile(r"[ \t\u00a0]+"), " "),
    (re.compile(r" (?=[.,!?;:](?:\s|$))"), ""),
]


def speakable(text: str, *, language: str = "en") -> str:
    """What to say for `text`, a whole piece; empty if there is nothing to say."""
    rules = MARKUP + (ENGLISH if language.lower().startswith("en") else []) + SPACES
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text if any(character.isalnum() for character in text) else ""
