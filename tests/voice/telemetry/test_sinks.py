from structlog.testing import capture_logs

from tests.voice.telemetry.reports import REPORT
from voice.telemetry.report import TurnReport
from voice.telemetry.sinks import tell


def test_a_sink_that_breaks_is_logged_and_keeps_nobody_from_hearing_of_the_turn():
    told: list[TurnReport] = []

    def broken(report: TurnReport) -> None:
        raise ZeroDivisionError

    with capture_logs() as logged:
        tell(REPORT, (broken, told.append))

    assert told == [REPORT]
    assert [(line["event"], line["sink"]) for line in logged] == [("report.not_taken", "broken")]
