from dataclasses import replace

import pytest

from tests.voice.telemetry.reports import METRICS, REPORT, report
from voice.telemetry.counting import add_turn
from voice.telemetry.meters import Key, Meters, Sum
from voice.telemetry.report import TurnReport
from voice.telemetry.series import PARTS


def counted(*reports: TurnReport) -> Meters:
    meters = Meters()
    for one in reports:
        add_turn(meters, one)
    return meters


def totals(meters: Meters, name: str) -> dict[str, float]:
    """By label."""
    found: dict[str, float] = {}
    for key, one in meters.snapshot().items():
        if key.name == name:
            found[key.label] = round(found.get(key.label, 0.0) + one.total, 1)
    return found


def test_each_part_and_the_whole_are_counted_as_the_client_measured_them():
    parts = {name: getattr(METRICS, name) for name in PARTS}

    assert totals(counted(REPORT), "turn_part_ms") == parts | {"total_ms": METRICS.total_ms}


def test_the_parts_lie_beside_the_whole_that_they_make_up():
    found = counted(REPORT, report(total_ms=1790.0, play_ms=915.0)).drain()

    whole = {key.bucket for key in found if key.label == "total_ms"}
    parts = {key.bucket for key in found if key.name == "turn_part_of_total_ms"}
    assert len(whole) == 2
    assert parts == whole


@pytest.mark.parametrize("unheard", [report(final=False), replace(REPORT, was_spoken=False)])
def test_what_no_client_measured_or_nobody_spoke_is_no_wait_that_was_felt(unheard):
    assert totals(counted(unheard), "turn_part_ms") == {}
    assert len(totals(counted(unheard), "answer_ms")) == 1


def test_the_servers_share_is_without_what_lies_beyond_it():
    beyond = METRICS.capture_ms + METRICS.network_ms + METRICS.play_ms

    found = totals(counted(REPORT, replace(REPORT, was_spoken=False)), "answer_ms")

    share = pytest.approx(METRICS.total_ms - beyond)
    assert found == {"spoken": share, "typed": share}


def test_an_answer_given_again_saves_what_answers_usually_take():
    usual = [report(llm_ttft_ms=ms, clause_ms=0.0, tts_ttfb_ms=0.0) for ms in (300.0, 400.0, 500.0)]
    again = report(cache_hit=True, llm_ttft_ms=10.0, clause_ms=0.0, tts_ttfb_ms=5.0)

    meters = counted(*usual, again)

    assert meters.snapshot()[Key("cache_hits")] == Sum(1, 1.0)
    assert totals(meters, "cache_saved_ms")[""] == pytest.approx(400 - 15, rel=0.05)


def test_nothing_is_said_to_be_saved_before_anything_is_known():
    assert totals(counted(report(cache_hit=True)), "cache_saved_ms") == {}


def test_an_answer_that_took_longer_than_usual_saves_nothing():
    slow = report(cache_hit=True, llm_ttft_ms=900.0)

    assert totals(counted(report(llm_ttft_ms=20.0), slow), "cache_saved_ms") == {"": 0.0}


def test_a_turn_without_any_answer_has_no_wait():
    assert counted(replace(REPORT, reply=0, error="llm")).snapshot() == {}
