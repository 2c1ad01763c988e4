"""Connections that are opened and closed, each counted once."""

import pytest

from tests.scenarios.call import call
from tests.scenarios.timeline import Drops, Step
from voice.edge import notices
from voice.telemetry.closes import kind_of
from voice.telemetry.meters import Key, meters

KEYS = {
    "opened": Key("sessions_opened"),
    "normal": Key("sessions_closed", "normal"),
    "abnormal": Key("sessions_closed", "abnormal"),
}


def counted(*steps: Step, **parts: object) -> dict[str, int]:
    before = meters().snapshot()
    call(*steps, **parts)
    after = meters().snapshot()
    grown = {
        name: (after[key].times if key in after else 0)
        - (before[key].times if key in before else 0)
        for name, key in KEYS.items()
    }
    return {name: count for name, count in grown.items() if count}


def test_hanging_up_closes_a_connection_as_it_should_be():
    assert counted() == {"opened": 1, "normal": 1}


def test_a_connection_that_vanishes_is_abnormal_though_the_client_comes_back():
    assert counted(Drops(2.0, 3.0)) == {"opened": 2, "abnormal": 1, "normal": 1}


def test_one_that_nobody_comes_back_for_is_counted_once():
    assert counted(Drops(2.0, None), resume_window_s=1.0) == {"opened": 1, "abnormal": 1}


def test_one_that_another_took_the_place_of_was_taken_over():
    assert counted(Drops(2.0, 3.0, noticed=False)) == {"opened": 2, "normal": 2}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (1000, "normal"),
        (1001, "normal"),
        (1005, "normal"),
        (notices.RESTARTING, "normal"),
        (notices.NOT_LOGGED_IN, "normal"),
        (notices.GONE, "abnormal"),
        (notices.FAULT, "abnormal"),
        (notices.TOO_MANY, "abnormal"),
        (3000, "abnormal"),
    ],
)
def test_codes_say_whether_a_close_was_normal(code, kind):
    assert kind_of(code) == kind
