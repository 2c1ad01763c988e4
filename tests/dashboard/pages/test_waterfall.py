from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from conversations.models import Session, Turn
from dashboard.pages.waterfall import NAMES, SCALE, Connection, bars, rows
from voice.telemetry.series import PARTS

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TIMES = dict(zip(PARTS, (500, 0, 30, 200, 40, 120, 5, 60, 45), strict=True))


def turn(seconds: float, **metrics: object) -> Turn:
    return Turn(started_at=NOON + timedelta(seconds=seconds), metrics=metrics)


def connection(seconds: float) -> Connection:
    return Connection(Session(opened_at=NOON + timedelta(seconds=seconds)), "", False)


def test_every_part_has_a_name():
    assert list(NAMES) == list(PARTS)


def test_each_bar_begins_where_the_one_before_ends_and_the_last_ends_at_the_whole():
    drawn = bars(TIMES, 1000.0)

    assert [bar.part for bar in drawn] == [part for part in PARTS if TIMES[part]]
    for bar, following in pairwise(drawn):
        assert bar.begin + bar.width == pytest.approx(following.begin, abs=0.2)
    assert drawn[-1].begin + drawn[-1].width == pytest.approx(SCALE)


def test_all_turns_of_a_page_share_one_time_line():
    quick, slow = rows(
        [turn(0, vad_end_ms=500, total_ms=500), turn(1, vad_end_ms=2000, total_ms=2000)], []
    )

    assert slow.bars[0].width == SCALE
    assert quick.bars[0].width == SCALE / 4


def called(name: str, began_s: float, ms: float, *, ok: bool = True) -> dict[str, object]:
    """began_s: after the end of speech."""
    return {"name": name, "ms": ms, "ok": ok, "began_at": NOON.timestamp() + began_s}


def test_tools_lie_where_they_were_called_and_those_side_by_side_overlap():
    metrics = {"speech_ended_at": NOON.timestamp(), "llm_ttft_ms": 2000, "total_ms": 2000}
    tools = [called("recall", 0.75, 250), called("web_search", 0.5, 1000, ok=False)]

    [row] = rows([turn(0, **metrics, tools=tools)], [])

    assert [(bar.part, bar.name, bar.ms, bar.begin, bar.width) for bar in row.bars[1:]] == [
        ("tool_failed", "web_search, failed", 1000, 250, 500),
        ("tool", "recall", 250, 375, 125),
    ]


def test_the_time_line_reaches_to_the_end_of_a_tool_that_outlasted_the_first_sound():
    metrics = {"speech_ended_at": NOON.timestamp(), "llm_ttft_ms": 1000, "total_ms": 1000}

    [row] = rows([turn(0, **metrics, tools=[called("web_search", 1.0, 3000)])], [])

    assert [(bar.begin, bar.width) for bar in row.bars] == [(0, 250), (250, 750)]


def test_a_tool_that_was_called_before_speech_was_over_is_drawn_from_there_on():
    metrics = {"speech_ended_at": NOON.timestamp(), "llm_ttft_ms": 1000, "total_ms": 1000}

    [row] = rows([turn(0, **metrics, tools=[called("recall", -0.2, 300)])], [])

    assert (row.bars[1].begin, row.bars[1].width, row.bars[1].ms) == (0, 100, 300)


def test_a_tool_of_an_older_row_does_not_say_when_and_has_no_bar():
    [row] = rows([turn(0, total_ms=1000, tools=[{"name": "recall", "ms": 3.0, "ok": True}])], [])

    assert row.bars == []


def test_what_was_never_measured_has_no_bar():
    [user, old] = rows([turn(0, quality=80), turn(1)], [])

    assert (user.bars, user.total_ms) == ([], None)
    assert (old.bars, old.total_ms) == ([], None)


def test_a_turn_belongs_to_the_connection_that_was_opened_last_before():
    first, second = connection(0), connection(10)

    found = rows([turn(-1), turn(5), turn(10), turn(20)], [first, second])

    assert [row.connection for row in found] == [None, first, second, second]
