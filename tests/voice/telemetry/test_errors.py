"""Trouble that somebody in a conversation could notice, counted by where it came from."""

import pytest

from tests.scenarios.call import call
from tests.scenarios.timeline import Database, Ear, Model, Says, Types, Voice
from voice.telemetry.meters import meters

ASKS = Says(0.96, 1.92, "please count to ten")
LONG_AWAY = Database(away=((0.5, 10_000.0),))


def errors(**parts: object) -> dict[str, int]:
    """In a call with two questions."""
    before = _errors()
    call(ASKS, Types(6.0, "and the time"), **parts)
    grown = {stage: count - before.get(stage, 0) for stage, count in _errors().items()}
    return {stage: count for stage, count in grown.items() if count}


def _errors() -> dict[str, int]:
    found = meters().snapshot().items()
    return {key.label: one.times for key, one in found if key.name == "errors"}


@pytest.mark.parametrize(
    ("parts", "counted"),
    [
        ({}, {}),
        ({"model": Model(failures=(0,))}, {}),
        ({"model": Model(failures=(0, 1))}, {"llm": 1}),
        ({"voice": Voice(failures=(0,))}, {"tts": 1}),
        ({"ear": Ear(breaks_at_s=(1.2,))}, {"stt": 1}),
        ({"database": LONG_AWAY}, {"store": 1}),
    ],
    ids=[
        "none",
        "an answer on suspicion",
        "and the one that was waited for",
        "a sentence",
        "the only ear",
        "the database",
    ],
)
def test_each_trouble_is_counted_once_where_it_was_noticed(parts, counted):
    assert errors(**parts) == counted
