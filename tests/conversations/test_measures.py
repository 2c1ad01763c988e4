"""Figures added up by minute and hour: what is kept, read, and forgotten."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import DataError, connection

from conversations import measures
from conversations.measures import HISTORY, USERS, WINDOW, Row
from conversations.models import Rollup
from tests.conversations.beside import connected_threads

NOW = datetime(2026, 3, 1, 12, 30, 20, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

pytestmark = pytest.mark.django_db


def row(
    name: str,
    label: str = "",
    *,
    ago: timedelta = timedelta(),
    bucket: int = -1,
    count: int = 1,
    total: float = 1.0,
) -> Row:
    return Row(NOW - ago, name, label, bucket, count, total)


def waits(*milliseconds: int, ago: timedelta = timedelta()) -> Iterable[Row]:
    """Turns that took so long: 256, 512, 1024 …"""
    for ms in milliseconds:
        bucket = 8 * (ms.bit_length() - 1)
        yield row("turn_part_ms", "total_ms", ago=ago, bucket=bucket, total=float(ms))


def test_what_is_kept_twice_adds_up_in_its_minute_and_its_hour():
    measures.keep([row("turns", "spoken")])
    measures.keep([row("turns", "spoken", count=2, total=2.0)])

    kept = Rollup.objects.values_list("span_s", "at", "name", "label", "bucket", "count", "total")

    assert sorted(kept) == [
        (60, NOW.replace(second=0), "turns", "spoken", -1, 3, 3.0),
        (3600, NOW.replace(minute=0, second=0), "turns", "spoken", -1, 3, 3.0),
    ]


def test_minutes_of_one_hour_come_together_in_one_write():
    measures.keep([row("turns", "spoken"), row("turns", "spoken", ago=MINUTE)])

    assert Rollup.objects.get(span_s=3600).count == 2
    assert Rollup.objects.filter(span_s=60).count() == 2


def test_a_label_that_is_too_long_is_cut_and_loses_nothing_of_the_rest():
    measures.keep([row("tool_calls", "x" * 200), row("turns", "typed")])

    assert measures.window("5m", NOW).labels("tool_calls") == ["x" * 80]
    assert measures.window("5m", NOW).count("turns") == 1


def test_a_window_holds_what_began_within_it_and_no_more():
    for minutes in (0, 4, 5, 59, 60):
        measures.keep([row("turns", "spoken", ago=minutes * MINUTE)])

    assert measures.window("5m", NOW).count("turns") == 2
    assert measures.window("1h", NOW).count("turns") == 4


def test_a_day_is_read_from_its_hours():
    measures.keep([row("turns", "spoken", ago=timedelta(hours=hours)) for hours in (0, 23, 24)])

    Rollup.objects.filter(span_s=60).delete()

    assert measures.window("1d", NOW).count("turns") == 2
    assert measures.window("1d", NOW).seconds == 23 * 3600 + 30 * 60 + 20


def test_readings_are_by_label_and_of_all_labels():
    measures.keep([row("errors", "llm", count=2), row("errors", "stt")])

    found = measures.window("5m", NOW)

    assert found.labels("errors") == ["llm", "stt"]
    assert (found.count("errors"), found.count("errors", "llm")) == (3, 2)
    assert (found.count("errors", "tts"), found.count("turns")) == (0, 0)


def test_quantiles_and_means_are_of_all_minutes_together():
    measures.keep(waits(256, 512, 512))
    measures.keep(waits(512, 4096, ago=MINUTE))

    found = measures.window("1h", NOW)

    assert found.quantile("turn_part_ms", 0.5, "total_ms") == pytest.approx(512, rel=0.045)
    assert found.quantile("turn_part_ms", 0.95, "total_ms") == pytest.approx(4096, rel=0.045)
    assert found.mean("turn_part_ms", "total_ms") == pytest.approx(5888 / 5)
    assert found.quantile("turn_part_ms", 0.5, "stt_ms") is None
    assert found.mean("tool_ms") is None


def test_the_parts_at_a_quantile_add_up_to_the_whole_of_those_turns():
    measures.keep(waits(512, 512, 4096))
    for part, quick, slow in (("stt_ms", 112.0, 96.0), ("llm_ttft_ms", 400.0, 4000.0)):
        name = "turn_part_of_total_ms"
        measures.keep(
            [
                row(name, part, bucket=72, count=2, total=2 * quick),
                row(name, part, bucket=96, total=slow),
            ]
        )

    found = measures.window("5m", NOW)

    assert found.parts(0.5) == {"stt_ms": 112.0, "llm_ttft_ms": 400.0, "total_ms": 512.0}
    assert found.parts(0.95) == {"stt_ms": 96.0, "llm_ttft_ms": 4000.0, "total_ms": 4096.0}
    assert measures.window("5m", NOW + timedelta(days=1)).parts(0.5) == {}


def test_of_what_users_cost_only_the_dearest_are_read():
    users = measures.USERS_MAX + 5
    measures.keep([row("cost_by_user", str(user), total=user / 100) for user in range(users)])

    found = measures.window("5m", NOW)

    assert sorted(map(int, found.labels("cost_by_user"))) == list(range(5, users))
    assert found.total("cost_by_user", str(users - 1)) == pytest.approx((users - 1) / 100)


def test_a_chart_has_a_point_for_every_minute_whether_or_not_anything_happened():
    measures.keep([*waits(512, 512, 4096, ago=2 * MINUTE), row("errors", "llm", ago=2 * MINUTE)])
    measures.keep([row("turns", "spoken", ago=2 * MINUTE), row("turns", "typed", ago=2 * MINUTE)])

    points = measures.history("5m", NOW)

    assert [point.at.minute for point in points] == [26, 27, 28, 29, 30]
    assert [point.turns for point in points] == [0, 0, 2, 0, 0]
    assert [point.errors for point in points] == [0, 0, 1, 0, 0]
    assert points[2].p50_ms == pytest.approx(512, rel=0.045)
    assert points[2].p95_ms == pytest.approx(4096, rel=0.045)
    assert points[0].p50_ms is None


@pytest.mark.parametrize(("span", "points"), [("5m", 5), ("1h", 60), ("1d", 24)])
def test_charts_have_as_many_points_as_minutes_or_hours(span, points):
    assert len(measures.history(span, NOW)) == points


def test_what_nobody_asks_for_any_more_is_forgotten():
    ages = (timedelta(), timedelta(hours=7), timedelta(days=89), timedelta(days=91))
    measures.keep([row("turns", "spoken", ago=ago) for ago in ages])

    assert measures.prune(NOW) == 4

    assert Rollup.objects.filter(span_s=60).count() == 1
    assert Rollup.objects.filter(span_s=3600).count() == 3


@pytest.mark.django_db(transaction=True)
def test_servers_that_write_at_once_lose_nothing_and_do_not_block_one_another():
    names = [("turns", "spoken"), ("turns", "typed"), ("errors", "llm"), ("errors", "stt")]

    def write(server: int) -> None:
        order = names if server % 2 else names[::-1]
        for _ in range(20):
            measures.keep([row(*name) for name in order])

    with connected_threads() as threads:
        list(threads.map(write, range(4)))

    found = measures.window("5m", NOW)
    assert [found.count(*name) for name in names] == [80] * 4


@pytest.mark.django_db(transaction=True)
def test_a_write_that_fails_has_added_nothing():
    with pytest.raises(DataError):
        measures.keep([row("turns", "spoken"), row("turns", "typed", bucket=40_000)])

    assert not Rollup.objects.exists()


# --- however many turns there are -----------------------------------------------------------------
def plan_of(sql: str, parameters: dict[str, Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


def fill() -> None:
    """A day of minutes and ninety of hours, as of a busy site."""
    with connection.cursor() as cursor:
        for span_s, count in ((60, 360), (3600, 24 * 90)):
            cursor.execute(
                """
                INSERT INTO conversations_rollup (span_s, at, name, label, bucket, count, total)
                SELECT %s, %s - make_interval(secs => minute * %s), 'turn_part_ms',
                       'part ' || part, bucket, 1, 100
                FROM generate_series(0, %s) minute, generate_series(1, 10) part,
                     generate_series(0, 7) bucket
                """,
                [span_s, NOW.replace(minute=0, second=0), span_s, count],
            )
        cursor.execute("ANALYZE conversations_rollup")


def test_no_window_looks_at_turns_nor_at_more_of_the_figures_than_its_own():
    fill()

    for sql, span in product((WINDOW, USERS, HISTORY), ("5m", "1h", "1d")):
        plan = plan_of(sql, measures.within(span, NOW))

        assert "conversations_turn" not in plan, span
        assert "Seq Scan" not in plan, span
        assert "one_rollup_per_bucket" in plan, span
