"""How the site has been doing: figures of all servers, added up by minute and by hour, so that no
question about the last day looks at a single turn.

`keep` adds to it, `window` and `history` read it, `prune` forgets.
"""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Literal, NamedTuple

from django.db import OperationalError, connection, transaction

from conversations.models import Rollup
from conversations.readings import Point, Readings, Sum, bucket_at, middle

Span = Literal["5m", "1h", "1d"]

BY_USER = "cost_by_user"
"""As many labels as there are users: readings have only the first USERS_MAX of it."""
USERS_MAX = 20
LABEL_MAX = 80
MINUTES_KEPT, HOURS_KEPT = timedelta(hours=6), timedelta(days=90)
WRITE_MS = 5_000
"""A write that takes longer is given up by the database."""

_LENGTH: dict[Span, timedelta] = {
    "5m": timedelta(minutes=5),
    "1h": timedelta(hours=1),
    "1d": timedelta(days=1),
}
_ROWS: dict[Span, Rollup.Span] = {
    "5m": Rollup.Span.MINUTE,
    "1h": Rollup.Span.MINUTE,
    "1d": Rollup.Span.HOUR,
}

KEEP = """
INSERT INTO conversations_rollup AS kept (span_s, at, name, label, bucket, count, total)
SELECT * FROM unnest(
    %s::smallint[], %s::timestamptz[], %s::text[], %s::text[], %s::smallint[], %s::bigint[],
    %s::float8[]
)
ON CONFLICT (span_s, at, name, label, bucket)
DO UPDATE SET count = kept.count + excluded.count, total = kept.total + excluded.total
"""
WINDOW = """
SELECT name, label, bucket, sum(count), sum(total) FROM conversations_rollup
WHERE span_s = %(span)s AND at = ANY(%(ats)s) AND name < %(user)s GROUP BY name, label, bucket
UNION ALL
SELECT name, label, bucket, sum(count), sum(total) FROM conversations_rollup
WHERE span_s = %(span)s AND at = ANY(%(ats)s) AND name > %(user)s GROUP BY name, label, bucket
"""
"""All but what users cost. Each moment by itself, so that the index leads past their rows."""
USERS = """
SELECT name, label, bucket, sum(count), sum(total) FROM conversations_rollup
WHERE span_s = %(span)s AND at = ANY(%(ats)s) AND name = %(user)s
GROUP BY name, label, bucket ORDER BY sum(total) DESC LIMIT %(max)s
"""
HISTORY = """
SELECT at, name, bucket, sum(count) FROM conversations_rollup
WHERE span_s = %(span)s AND at = ANY(%(ats)s) AND name IN ('turns', 'errors', 'turn_part_ms')
  AND (name <> 'turn_part_ms' OR label = 'total_ms')
GROUP BY at, name, bucket
"""


class Row(NamedTuple):
    """Something to be added to what is known of a minute."""

    at: datetime
    name: str
    label: str
    bucket: int
    times: int
    total: float


def keep(
    rows: Iterable[tuple[datetime, str, str, int, int, float]], *, not_after: float = math.inf
) -> None:
    """Add these to what is known of their minutes and hours: all of them or, where it raises,
    none.

    not_after: on the monotonic clock; then it is too late to begin, since the caller will have
    given up waiting, and will try again."""
    added = _added(Row(*row) for row in rows)
    if not added:
        return
    # In one order everywhere: two servers that add to the same rows do not wait for each other.
    columns = [list(column) for column in zip(*sorted(added), strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        if monotonic() > not_after:
            raise OperationalError("the connection came too late")
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(WRITE_MS)])
        cursor.execute(KEEP, columns)


def window(span: Span, now: datetime) -> Readings:
    """The minutes or hours that began within `span` of now."""
    with connection.cursor() as cursor:
        cursor.execute(WINDOW, within(span, now))
        rows = cursor.fetchall()
        cursor.execute(USERS, within(span, now))
        rows += cursor.fetchall()
    sums: dict[str, dict[tuple[str, int], Sum]] = {}
    for name, label, bucket, times, total in rows:
        sums.setdefault(name, {})[label, bucket] = Sum(int(times), total)
    return Readings(_moments(span, now)[0], now, sums)


def history(span: Span, now: datetime) -> list[Point]:
    """Minute by minute, or hour by hour; one in which nothing happened is there too."""
    found: dict[datetime, dict[str, dict[int, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(HISTORY, within(span, now))
        for at, name, bucket, times in cursor.fetchall():
            found.setdefault(at, {}).setdefault(name, {})[bucket] = int(times)
    return [_point(at, found.get(at, {})) for at in _moments(span, now)]


def within(span: Span, now: datetime) -> dict[str, Any]:
    """The parameters of the queries."""
    return {
        "span": _ROWS[span].value,
        "ats": _moments(span, now),
        "user": BY_USER,
        "max": USERS_MAX,
    }


def prune(now: datetime) -> int:
    """Forget what nobody asks for any more; returns how many rows that were."""
    kept = {Rollup.Span.MINUTE: MINUTES_KEPT, Rollup.Span.HOUR: HOURS_KEPT}
    old = (Rollup.objects.filter(span_s=span, at__lt=now - length) for span, length in kept.items())
    return sum(rows.delete()[0] for rows in old)


def _added(rows: Iterable[Row]) -> list[tuple[int, datetime, str, str, int, int, float]]:
    """What to add to which row of the table, each row once."""
    sums: dict[tuple[int, datetime, str, str, int], Sum] = {}
    for row in rows:
        for span in Rollup.Span:
            key = (span.value, _floor(row.at, span), row.name, row.label[:LABEL_MAX], row.bucket)
            before = sums.get(key, Sum())
            sums[key] = Sum(before.times + row.times, before.total + row.total)
    return [(*key, *one) for key, one in sums.items()]


def _floor(at: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)


def _moments(span: Span, now: datetime) -> list[datetime]:
    """Each minute or hour that began within the window."""
    step = timedelta(seconds=_ROWS[span])
    last = _floor(now, _ROWS[span])
    count = math.ceil((last - (now - _LENGTH[span])) / step)
    return [last - step * nth for nth in reversed(range(count))]


def _point(at: datetime, found: Mapping[str, Mapping[int, int]]) -> Point:
    waits = found.get("turn_part_ms", {})
    p50, p95 = bucket_at(waits, 0.5), bucket_at(waits, 0.95)
    return Point(
        at,
        turns=sum(found.get("turns", {}).values()),
        errors=sum(found.get("errors", {}).values()),
        p50_ms=None if p50 is None else middle(p50),
        p95_ms=None if p95 is None else middle(p95),
    )
