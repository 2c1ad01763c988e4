"""Sums as people type and say them: “15% of 80”, “what is twelve times seven”. Pure, no `eval`."""

import re
from collections.abc import Iterator
from fractions import Fraction

# fmt: off
ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}
# fmt: on
TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
OPERATORS = {
    "plus": "+", "and": "+", "minus": "-", "less": "-", "times": "*", "x": "*", "×": "*",
    "multiplied": "*", "over": "/", "divided": "/", "÷": "/",
}  # fmt: skip
LARGEST = 10**15
TOO_LARGE = "That is too large for me."
BITS_MAX = 256
"""Of a numerator or denominator on the way: “squared” fifty times over would fill the memory."""

_WORDS = re.compile(r"\d+(?:\.\d+)?|[a-z]+|[-+*/×÷()%]")
_ASKING = re.compile(
    r"^[\s,]*(?:(?:please|so|and|hey|okay|ok|now|can you|could you|tell me|calculate|compute"
    r"|work out|what'?s|what is|what are|whats|how much is|how much are|how many is)\b[\s,:]*)*"
)
_COMMA = re.compile(r"(?<=\d),(?=\d{3}\b)")

Token = str | Fraction


def answer(text: str) -> str | None:
    """The result in words and digits, or None if `text` is no sum."""
    tokens = _tokens(_ASKING.sub("", _COMMA.sub("", text.lower())))
    if tokens is None or not any(isinstance(token, str) for token in tokens):
        return None
    try:
        result = _Sum(tokens).value()
    except ZeroDivisionError:
        return "Nothing can be divided by zero."
    except OverflowError:
        return TOO_LARGE
    except (ValueError, RecursionError):
        return None
    return f"That is {_number(result)}." if abs(result) < LARGEST else TOO_LARGE


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    rounded = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return rounded if Fraction(rounded) == value else f"about {rounded}"


def _tokens(text: str) -> list[Token] | None:
    """Numbers and operators; None if there is a word that is neither."""
    words = _WORDS.findall(text.replace("percent", "%").replace("per cent", "%"))
    tokens: list[Token] = []
    position = 0
    while position < len(words):
        number, used = _spoken_number(words[position:])
        token = number if used else _operator(words[position])
        if token is None:
            return None
        if token != "":
            tokens.append(token)
        position += max(used, 1)
    return tokens


def _operator(word: str) -> Token | None:
    if word[0].isdigit():
        return Fraction(word)
    if word in ("by", "equals", "equal", "is", "the", "please"):
        return ""
    if word == "of":
        return "*"
    if word == "squared":
        return "²"
    return OPERATORS.get(word, word if word in "+-*/()%" else None)


def _spoken_number(words: list[str]) -> tuple[Fraction, int]:
    """“two hundred and five point five” → 205.5, and how many of `words` that took; 0 for none."""
    total = group = used = 0
    for index, word in enumerate(words):
        if word in ONES or word in TENS:
            group += ONES.get(word, TENS.get(word, 0))
        elif word == "hundred":
            group = max(group, 1) * SCALES[word]
        elif word in SCALES:
            total, group = total + max(group, 1) * SCALES[word], 0
        elif word == "and" and index and words[index - 1] in SCALES and _counts(words, index + 1):
            continue
        else:
            break
        used = index + 1
    return _with_decimals(Fraction(total + group), words, used)


def _with_decimals(whole: Fraction, words: list[str], used: int) -> tuple[Fraction, int]:
    if not used or words[used : used + 1] != ["point"]:
        return whole, used
    digits = "".join(_digits(words[used + 1 :]))
    return (whole + Fraction(f"0.{digits}"), used + 1 + len(digits)) if digits else (whole, used)


def _digits(words: list[str]) -> Iterator[str]:
    for word in words:
        if ONES.get(word, 10) > 9:
            return
        yield str(ONES[word])


def _counts(words: list[str], index: int) -> bool:
    return index < len(words) and (words[index] in ONES or words[index] in TENS)


class _Sum:
    """sum = product {+- product}, product = factor {*/ factor}, factor = [-] number {%²} | (sum)"""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._position = 0

    def value(self) -> Fraction:
        """Raises ValueError if the tokens are no sum."""
        value = self._sum()
        if self._position != len(self._tokens):
            raise ValueError("something is left over")
        return value

    def _sum(self) -> Fraction:
        value = self._product()
        while operator := self._take("+-"):
            term = self._product()
            value = _small(value + term if operator == "+" else value - term)
        return value

    def _product(self) -> Fraction:
        value = self._factor()
        while operator := self._take("*/"):
            factor = self._factor()
            value = _small(value * factor if operator == "*" else value / factor)
        return value

    def _factor(self) -> Fraction:
        if self._take("-"):
            return -self._factor()
        value = self._bracket() if self._take("(") else self._number()
        while mark := self._take("%²"):
            value = _small(value / 100 if mark == "%" else value * value)
        return value

    def _bracket(self) -> Fraction:
        value = self._sum()
        if not self._take(")"):
            raise ValueError("a bracket is open")
        return value

    def _number(self) -> Fraction:
        token = self._tokens[self._position] if self._position < len(self._tokens) else ""
        if isinstance(token, str):
            raise ValueError("a number is missing")
        self._position += 1
        return token

    def _take(self, operators: str) -> str:
        token = self._tokens[self._position] if self._position < len(self._tokens) else ""
        if not isinstance(token, str) or not token or token not in operators:
            return ""
        self._position += 1
        return token


def _small(value: Fraction) -> Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > BITS_MAX:
        raise OverflowError
    return value
