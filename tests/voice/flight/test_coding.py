"""What was written down is what is read, for everything the turn machine takes and gives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.flight.coding import Unreadable, decode, encode
from voice.flight.record import ACTIONS, EVENTS, Entry, Header, entry_of, line_of
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.policy import Policy


def values(classes: Mapping[str, type]) -> st.SearchStrategy:
    """Any value of any of these classes; NaN, which equals nothing, has no place in them."""
    kinds = st.sampled_from(sorted(classes.values(), key=lambda kind: kind.__name__))
    return kinds.flatmap(st.from_type).filter(lambda value: "nan" not in repr(value))


def through_json(form):
    return json.loads(json.dumps(form))


class Mood(Enum):
    CALM = "calm"
    LOUD = "loud"


@dataclass(frozen=True, slots=True)
class Inner:
    word: str
    mood: Mood = Mood.CALM


@dataclass(frozen=True, slots=True)
class Outer:
    at: float
    inner: Inner | None
    pair: tuple[int, str]
    many: tuple[Inner, ...]
    either: Inner | Literal["none"]
    named: Mapping[str, float]


MINE = {"Outer": Outer, "Inner": Inner}


@given(values(EVENTS), st.lists(values(ACTIONS), max_size=4))
def test_an_entry_comes_back_as_it_was(event, actions):
    entry = Entry(event, tuple(actions), line=7)

    assert entry_of(line_of(entry), 7) == entry


@given(values({"Policy": Policy}))
def test_a_policy_comes_back_as_it_was(policy):
    header = Header("conversation", "session", "2026-01-01T00:00:00+00:00", policy)

    assert decode(through_json(encode(header)), {"Header": Header}) == header


@given(values(MINE))
def test_nested_values_come_back_as_they_were(value):
    assert decode(through_json(encode(value)), MINE) == value


def test_every_event_and_action_is_known():
    assert EVENTS["SpeechStarted"] is on.SpeechStarted
    assert set(ACTIONS.values()) == set(do.Action.__args__)


def test_a_field_that_is_new_has_its_default():
    form = {"is": "SpeechStarted", "at": 1.0, "began_at": 0.9}

    assert decode(form, EVENTS) == on.SpeechStarted(1.0, 0.9, is_live=True)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"is": "SpeechSang", "at": 1.0}, "no 'SpeechSang' any more"),
        ({"at": 1.0}, "no None any more"),
        (["at"], "no None any more"),
        ({"is": "StopAsked", "at": 1.0, "loudly": True}, "StopAsked has no loudly any more"),
        ({"is": "TimerFired", "at": 1.0}, "TimerFired has serial now"),
        ({"is": "TimerFired", "at": 1.0, "serial": "one"}, "TimerFired: 'one' is no int"),
        ({"is": "TimerFired", "at": True, "serial": 1}, "TimerFired: True is no float"),
        ({"is": "Began", "at": 1.0, "carries": "x"}, "Began: 'x' is no int; 'x' is no NoneType"),
    ],
)
def test_what_today_does_not_know_is_said(form, why):
    with pytest.raises(Unreadable, match=why):
        decode(form, EVENTS)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"pair": [1]}, "1 items where there are 2"),
        ({"either": "some"}, "'some' is no Literal"),
        ({"inner": {"is": "Inner", "word": "a", "mood": "sad"}}, "'sad' is no Mood"),
        ({"many": "abc"}, "'abc' is no tuple"),
    ],
)
def test_nested_values_that_do_not_fit_are_said(change, why):
    outer = Outer(0.0, None, (1, "a"), (), "none", {})

    with pytest.raises(Unreadable, match=why):
        decode(encode(outer) | change, MINE)


def test_what_is_no_plain_value_is_not_left_out():
    with pytest.raises(TypeError, match="object cannot be written down"):
        encode(object())
