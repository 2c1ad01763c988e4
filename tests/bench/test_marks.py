"""What led to an answer, among all that the simulated vendors were asked."""

import pytest

from bench.latency.simulated.marks import Mark, critical


def test_what_counts_is_the_last_request_and_what_followed_from_it() -> None:
    marks = [
        (Mark.ASKED, 9.0),
        (Mark.TOKEN, 9.2),
        (Mark.VOICE, 9.25),
        (Mark.ASKED, 10.1),
        (Mark.SOUND, 10.2),
        (Mark.TOKEN, 10.3),
        (Mark.VOICE, 10.4),
        (Mark.SOUND, 10.5),
        (Mark.VOICE, 10.6),
        (Mark.ASKED, 11.0),
    ]

    found = critical(marks, ended=10.0, heard=10.7)

    assert found == {
        Mark.ASKED: pytest.approx(0.1),
        Mark.TOKEN: pytest.approx(0.3),
        Mark.VOICE: pytest.approx(0.4),
        Mark.SOUND: pytest.approx(0.5),
    }
