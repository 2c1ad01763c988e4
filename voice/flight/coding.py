"""Frozen values as JSON and back, driven by the types of their fields.

A dataclass becomes an object that names its class; so whatever the turn machine's values are made
of tomorrow is written and read without a line here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

CLASS = "is"
"""The key that names a value's class."""

Form = Any
"""What `json` reads and writes."""


class Unreadable(ValueError):
    """A form that is no value of today's classes. `str()` says why."""


def encode(value: Any) -> Form:
    """Raises TypeError for what is no plain value: nothing is left out silently."""
    match value:
        case Enum():
            return value.value
        case None | bool() | int() | float() | str():
            return value
        case tuple() | list() | frozenset():
            return [encode(item) for item in value]
        case Mapping():
            return {key: encode(item) for key, item in value.items()}
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} cannot be written down")
    return {CLASS: type(value).__name__} | {
        field.name: encode(getattr(value, field.name)) for field in fields(value) if field.init
    }


def decode(form: Form, classes: Mapping[str, type]) -> Any:
    """The value of one of these classes, by name. Raises Unreadable."""
    name = form.get(CLASS) if isinstance(form, dict) else None
    if not isinstance(name, str) or name not in classes:
        raise Unreadable(f"there is no {name!r} any more; there are {', '.join(sorted(classes))}")
    return _instance(form, classes[name])


def _instance(form: dict[str, Form], kind: type) -> Any:
    """A field that is new and has a default keeps it; one that is gone is an error."""
    hints = _hints(kind)
    values = {name: value for name, value in form.items() if name != CLASS}
    if gone := values.keys() - hints.keys():
        raise Unreadable(f"{kind.__name__} has no {', '.join(sorted(gone))} any more")
    if missing := _required(kind) - values.keys():
        raise Unreadable(f"{kind.__name__} has {', '.join(sorted(missing))} now")
    try:
        return kind(**{name: _typed(value, hints[name]) for name, value in values.items()})
    except Unreadable as error:
        raise Unreadable(f"{kind.__name__}: {error}") from error


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}


@cache
def _required(kind: type) -> frozenset[str]:
    return frozenset(
        field.name
        for field in fields(kind)
        if field.init and field.default is MISSING and field.default_factory is MISSING
    )


def _typed(form: Form, hint: Any) -> Any:
    """The form as a value of this type. Raises Unreadable."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _one_of(form, arguments)
    if origin is Literal and form in arguments:
        return form
    if isinstance(form, list) and origin in (tuple, frozenset, list, Sequence):
        return _sequence(form, list if origin is Sequence else origin, arguments)
    if isinstance(form, dict) and origin in (dict, Mapping):
        return {key: _typed(item, arguments[1]) for key, item in form.items()}
    if isinstance(hint, type) and (known := _plain(form, hint)) is not _NOT:
        return known
    raise Unreadable(f"{form!r} is no {getattr(hint, '__name__', hint)}")


_NOT = object()


def _plain(form: Form, kind: type) -> Any:
    if is_dataclass(kind):
        fits = isinstance(form, dict) and form.get(CLASS) == kind.__name__
        return _instance(form, kind) if fits else _NOT
    if issubclass(kind, Enum):
        return next((member for member in kind if member.value == form), _NOT)
    if kind is float and isinstance(form, int) and not isinstance(form, bool):
        return form
    return form if type(form) is kind and kind in (NoneType, bool, int, float, str) else _NOT


def _one_of(form: Form, hints: Sequence[Any]) -> Any:
    reasons = []
    for hint in hints:
        try:
            return _typed(form, hint)
        except Unreadable as error:
            reasons.append(str(error))
    raise Unreadable("; ".join(reasons))


def _sequence(form: list[Form], kind: Any, hints: Sequence[Any]) -> Any:
    if kind is tuple and not (len(hints) == 2 and hints[1] is ...):
        if len(form) != len(hints):
            raise Unreadable(f"{len(form)} items where there are {len(hints)}")
        return tuple(_typed(item, hint) for item, hint in zip(form, hints, strict=True))
    return kind(_typed(item, hints[0]) for item in form)
