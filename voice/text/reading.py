"""The rules by which a language's wording is applied to a text. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from voice.text.wording import Noun, Rule, Wording
from voice.text.wordings import de, en, es, fr, it, nl, pt

WORDINGS = {
    "en": en.WORDING,
    "de": de.WORDING,
    "es": es.WORDING,
    "fr": fr.WORDING,
    "it": it.WORDING,
    "nl": nl.WORDING,
    "pt": pt.WORDING,
}
VOWELS = tuple("aeiouyéèêâîôûh")
GAP = r"[ \u00a0\u202f]?"
"""Between a number and its unit."""
LINK = re.compile(r"https?://(?:www\.)?(?P<site>[\w-]+(?:\.[\w-]+)+(?::\d+)?)(?P<path>\S*)")
MAIL = re.compile(r"(?P<user>[\w.+-]+)@(?P<site>[\w-]+(?:\.[\w-]+)+)")
ISO_DATE = re.compile(
    r"\b(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])\b(?!-)"
)


def wording_of(language: str) -> Wording | None:
    """For a code such as “pt-BR”; None for a language that has none."""
    return WORDINGS.get(re.split("[-_]", language.lower())[0])


@lru_cache(maxsize=64)
def rules_of(language: str) -> tuple[Rule, ...]:
    """In order; none for a language without a wording."""
    wording = wording_of(language)
    if wording is None:
        return ()
    reading = _Reading(wording)
    return (
        *reading.addresses(),
        *wording.rules,
        *reading.sums(),
        *reading.dates(),
        *reading.times(),
        *reading.numbers(),
        *reading.signs(),
    )


class _Reading:
    """In one language."""

    def __init__(self, wording: Wording) -> None:
        self._words = wording
        thousands, decimal = re.escape(wording.thousands), re.escape(wording.decimal)
        self._whole = rf"\d+(?:[{thousands}]\d{{3}}(?!\d))*"
        self._number = rf"{self._whole}(?:{decimal}\d+)?"

    def addresses(self) -> Iterable[Rule]:
        """The site is worth saying, its paths and parameters are not."""
        yield LINK, self._link
        yield MAIL, lambda m: f"{m['user']} {self._words.at} {self._site(m['site'])}"

    def sums(self) -> Iterable[Rule]:
        words, decimal = self._words, re.escape(self._words.decimal)
        sign = _any_of(words.currencies)
        amount = rf"(?P<whole>{self._whole})(?:{decimal}(?P<part>\d+))?"
        millions = _any_of({*words.magnitudes, *words.magnitudes.values()})
        yield (
            re.compile(rf"(?P<sign>{sign}){GAP}{amount}(?:{GAP}(?P<magnitude>{millions})(?!\w))?"),
            self._sum,
        )
        yield (
            re.compile(rf"{amount}(?:{GAP}(?P<magnitude>{millions}))?{GAP}(?P<sign>{sign})(?!\w)"),
            self._sum,
        )

    def dates(self) -> Iterable[Rule]:
        yield ISO_DATE, self._date
        if separators := re.escape(self._words.day_first):
            yield (
                re.compile(
                    rf"(?<![\d.])(?P<day>0?[1-9]|[12]\d|3[01])(?P<by>[{separators}])"
                    r"(?P<month>0?[1-9]|1[0-2])(?P=by)(?P<year>\d{4})(?!\d)"
                ),
                self._date,
            )

    def times(self) -> Iterable[Rule]:
        words = self._words
        behind = rf"(?:{GAP}{words.o_clock}\b)?" if words.o_clock else ""
        yield (
            re.compile(
                rf"\b(?P<hour>[01]?\d|2[0-3])[{words.hours}](?P<minute>[0-5]\d)(?!:?\d){behind}"
            ),
            lambda m: words.time(int(m["hour"]), int(m["minute"])),
        )

    def numbers(self) -> Iterable[Rule]:
        words = self._words
        yield (
            re.compile(
                rf"(?P<number>{self._number}){GAP}(?P<unit>{_any_of(words.units)})(?![\w/°])"
            ),
            self._measure,
        )
        short = {name: name for name in words.magnitudes if len(name) > 1}
        if short:
            yield (
                re.compile(rf"(?<=\d){GAP}(?P<name>{_any_of(short)})(?!\w)"),
                lambda m: f" {words.magnitudes[m['name']]}",
            )
        yield re.compile(rf"(?<=\d){GAP}%"), f" {words.percent}"
        thousands = re.escape(words.thousands)
        yield (
            re.compile(rf"(?<![\d.,])\d{{1,3}}(?:[{thousands}]\d{{3}})+(?![\d]|[.]\d)"),
            lambda m: re.sub(r"\D", "", m[0]),
        )

    def signs(self) -> Iterable[Rule]:
        words = self._words
        yield re.compile(r"(?<=\d)\s[-−]\s(?=\d)"), f" {words.minus} "
        yield re.compile(r"(?<=\d)\s?[–—]\s?(?=\d)"), f" {words.to} "
        yield re.compile(r"(?<![-\w])(\d{1,2})-(?=\d{1,2}\b(?!-))"), rf"\1 {words.to} "
        yield re.compile(r"(?<![\w.])[-−](?=\d)"), f"{words.minus} "
        yield re.compile(r"(?<=\d)\s?[×*]\s?(?=\d)"), f" {words.times} "
        yield re.compile(r"(?<=\d)\s?÷\s?(?=\d)"), f" {words.divided} "
        yield re.compile(r"(?<=[\w)])\s?=\s?(?=[\w(-])"), f" {words.equals} "
        yield re.compile(r"(?<=\d)\s?\+\s?(?=\d)"), f" {words.plus} "
        yield re.compile(r"\s?≈\s?"), f" {words.about} "
        yield re.compile(r"\s&\s"), f" {words.and_} "
        yield re.compile(r"#(?=\d)"), f"{words.number} "
        yield self._abbreviations()
        yield re.compile(r"(?<=[a-z])/(?=[a-z])"), f" {words.or_} "
        yield re.compile(r"[*_~^\\|<>{}\[\]]"), " "

    def _abbreviations(self) -> Rule:
        said = self._words.abbreviations
        return re.compile(rf"(?<!\w)(?:{_any_of(said)})(?!\w)"), lambda m: said[m[0]]

    def _link(self, found: re.Match[str]) -> str:
        end = found["path"][-1:] if found["path"][-1:] in ".,!?;:" else ""
        return self._site(found["site"]) + end

    def _site(self, site: str) -> str:
        return site.replace(".", f" {self._words.dot} ")

    def _sum(self, found: re.Match[str]) -> str:
        unit, hundredth = self._words.currencies[found["sign"]]
        whole, part = found["whole"], found["part"]
        if magnitude := found["magnitude"]:
            amount = whole + (f"{self._words.decimal}{part}" if part else "")
            millions = self._words.magnitudes.get(magnitude, magnitude)
            of = self._words.of[unit[1].startswith(VOWELS)]
            return f"{amount} {millions} {of}{unit[1]}"
        if part and len(part) != 2:
            return f"{whole}{self._words.decimal}{part} {unit[1]}"
        units, parts = _counted(whole, unit), _counted(str(int(part or 0)), hundredth)
        if not part or not int(part):
            return units
        if whole == "0":
            return parts
        return self._words.sum.format(units=units, parts=parts, part=int(part))

    def _date(self, found: re.Match[str]) -> str:
        day, month = int(found["day"]), self._words.months[int(found["month"]) - 1]
        said = self._words.first if day == 1 else str(day)
        return self._words.date.format(day=said, month=month, year=found["year"])

    def _measure(self, found: re.Match[str]) -> str:
        return _counted(found["number"], self._words.units[found["unit"]])


def _counted(number: str, noun: Noun) -> str:
    return f"{number} {noun[number != '1']}"


def _any_of(choices: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(choices, key=len, reverse=True)))
