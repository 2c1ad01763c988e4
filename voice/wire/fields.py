"""The fields of a client's JSON message, each of the type and in the range that it must have.

All of these raise Malformed, whose text says which field is wrong and what it must be.
"""

import json
import math
from collections.abc import Mapping
from typing import Any

Fields = Mapping[str, Any]


class Malformed(ValueError):
    """A message we cannot use. `str()` tells the client's author what is wrong with it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def json_object(frame: str) -> Fields:
    """The whole message."""
    try:
        message = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise Malformed("not_json", "A text frame must be one JSON object.") from error
    if not isinstance(message, dict):
        raise Malformed("not_json", "A text frame must be one JSON object.")
    return message


def flag(message: Fields, key: str) -> bool:
    value = message.get(key)
    if not isinstance(value, bool):
        raise Malformed("bad_field", f"“{key}” must be true or false.")
    return value


def number(message: Fields, key: str, *, least: float = 0) -> float:
    """From `least` to 2**53: beyond, not every whole number is one."""
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Malformed("bad_field", f"“{key}” must be a number.")
    if not least <= value <= 2**53:
        raise Malformed("bad_field", f"“{key}” must be {least:g} or more.")
    return float(value)


def integer(message: Fields, key: str, *, least: int = 0) -> int:
    value = number(message, key, least=least)
    if value != int(value):
        raise Malformed("bad_field", f"“{key}” must be a whole number.")
    return int(value)


def integer_or_none(message: Fields, key: str) -> int | None:
    return None if message.get(key) is None else integer(message, key)
