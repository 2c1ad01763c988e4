"""Tool calls and their results, in the order that every vendor insists on. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from voice.providers.protocols import Message


def announced(messages: Iterable[Message]) -> list[Message]:
    """The same, with each run of results right behind one message of the assistant that makes just
    these calls: one is written where there is none, and calls without a result are left out."""
    found: list[Message] = []
    for are_results, run in groupby(messages, key=lambda message: message.call is not None):
        if not are_results:
            found += [replace(message, calls=()) for message in run]
            continue
        results = list(run)
        is_said = found and found[-1].role == "assistant"
        before = found.pop() if is_said else Message("assistant", "")
        calls = tuple(result.call for result in results if result.call)
        found += [replace(before, calls=calls), *results]
    return found
