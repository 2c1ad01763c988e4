import pytest

from voice.turns.playhead import Playhead

HZ = 24_000


def seconds(value: float) -> int:
    return int(value * HZ)


def test_sound_may_run_ahead_of_the_ear_by_the_lead_and_no_more():
    playhead = Playhead(lead_ms=600)
    assert playhead.room(now=0.0) == seconds(0.6)

    playhead.send(seconds(0.6), now=0.0)

    assert playhead.room(now=0.0) == 0
    assert playhead.room(now=0.2) == seconds(0.2)


def test_a_client_that_never_reports_hears_at_the_pace_of_playing():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(1), now=10.0)

    assert playhead.position(now=10.5) == seconds(0.5)
    assert playhead.position(now=60.0) == seconds(1)


def test_an_ear_that_ran_dry_does_not_make_up_for_it():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(0.1), now=0.0)
    playhead.send(seconds(0.5), now=5.0)

    assert playhead.position(now=5.0) == seconds(0.1)
    assert playhead.position(now=5.2) == pytest.approx(seconds(0.3), abs=1)


def test_a_report_is_the_truth():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(1), now=0.0)

    playhead.report(seconds(0.2), underruns=0, now=0.5)

    assert playhead.position(now=0.5) == seconds(0.2)
    assert playhead.position(now=0.6) == pytest.approx(seconds(0.3), abs=1)


def test_a_report_of_more_than_was_sent_is_not_believed():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(0.5), now=0.0)

    playhead.report(seconds(9), underruns=0, now=0.1)

    assert playhead.position(now=0.1) == seconds(0.5)


def test_between_reports_the_ear_moves_on_for_two_seconds_only():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(10), now=0.0)
    playhead.report(seconds(1), underruns=0, now=1.0)

    assert playhead.position(now=9.0) == seconds(3)


def test_under_runs_let_the_sound_run_further_ahead_up_to_a_limit():
    playhead = Playhead(lead_ms=600)
    playhead.send(1, now=0.0)

    playhead.report(0, underruns=1, now=0.1)
    assert playhead.lead_ms == 800
    for count in range(2, 20):
        playhead.report(0, underruns=count, now=0.1)

    assert playhead.lead_ms == 2000


def test_a_client_that_used_to_report_and_stopped_has_stalled():
    playhead = Playhead(lead_ms=600, reports=True)
    assert not playhead.is_stalled(now=100.0)

    playhead.send(seconds(1), now=100.0)

    assert not playhead.is_stalled(now=109.0)
    assert playhead.is_stalled(now=110.5)


def test_a_client_that_never_reported_never_stalls():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(1), now=0.0)

    assert not playhead.is_stalled(now=1000.0)


def test_when_playing_was_cut_the_ear_moves_no_further_but_may_be_corrected():
    playhead = Playhead(lead_ms=600)
    playhead.send(seconds(1), now=0.0)
    playhead.stopped_at = 0.3

    assert playhead.position(now=0.9) == pytest.approx(seconds(0.3), abs=1)
    playhead.report(seconds(0.4), underruns=0, now=0.9)

    assert playhead.position(now=2.0) == seconds(0.4)
