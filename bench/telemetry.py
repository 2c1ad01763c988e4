"""What measuring costs: of a turn on the voice path, and of the dashboard's windows.

The figures of the database are those of a site with ten million turns a day, six hours of minutes
and a day of hours: the rows of a minute are those that its turns really leave behind.
Usage: python -m bench.telemetry [turns of the first part]
"""

import logging
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.figures import summary
from tests.voice.telemetry.reports import METRICS, REPORT
from voiceassistant import embedded

TURNS_A_DAY = 10_000_000
TURNS_A_MINUTE = TURNS_A_DAY // 24 // 60
USERS_A_MINUTE, USERS_AN_HOUR = 1_700, 20_000
"""With something that cost: a user takes four turns a minute."""
MINUTES, HOURS = 360, 24
READS = 20
SPREAD_OF_STAGES = {
    "vad_end_ms": (350, 0.3),
    "stt_ms": (60, 1.0),
    "recall_ms": (12, 0.5),
    "llm_ttft_ms": (250, 0.6),
    "clause_ms": (60, 0.8),
    "tts_ttfb_ms": (150, 0.5),
    "capture_ms": (25, 0.2),
    "network_ms": (40, 0.9),
    "play_ms": (30, 0.3),
}
"""Median in ms, and how far they scatter (the sigma of a lognormal)."""

COPY = """
INSERT INTO conversations_rollup (span_s, at, name, label, bucket, count, total)
SELECT %s, %s - make_interval(secs => nth * %s), name, label, bucket, count * %s, total * %s
FROM conversations_rollup, generate_series(1, %s) nth
WHERE span_s = %s AND at = %s
"""
USERS = """
INSERT INTO conversations_rollup (span_s, at, name, label, bucket, count, total)
SELECT %s, %s - make_interval(secs => nth * %s), 'cost_by_user', id::text, -1, 4, random()
FROM generate_series(1, %s) id, generate_series(0, %s) nth
"""


@contextmanager
def database() -> Iterator[None]:
    """Django on an empty database of its own, thrown away afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="voiceassistant-bench-"))
    folder.chmod(0o755)  # for root: Postgres runs as somebody else and has to get in
    postgres = embedded.start_postgres(folder)
    os.environ |= {
        "DATABASE_URL": embedded.database_url(folder),
        "ENV_FILE": os.devnull,
        "LOG_FORMAT": "json",
        "DJANGO_SETTINGS_MODULE": "voiceassistant.settings",
    }
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        yield
    finally:
        embedded.stop_postgres(postgres)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(embedded.Place(folder).sockets, ignore_errors=True)


def any_report(chance: random.Random) -> object:
    parts = {
        name: round(chance.lognormvariate(0, sigma) * median, 1)
        for name, (median, sigma) in SPREAD_OF_STAGES.items()
    }
    return replace(
        REPORT, metrics=replace(METRICS, **parts, total_ms=round(sum(parts.values()), 1))
    )


def measure_turns(count: int) -> None:
    """All that is done for a turn while calls go on: meters, the line of the log, the trace."""
    from voice.telemetry import sinks

    chance = random.Random(1)
    reports = [any_report(chance) for _ in range(1000)]
    with open(os.devnull, "w") as nowhere:
        logging.getLogger().handlers[0].setStream(nowhere)  # type: ignore[attr-defined]
        for sink in (*sinks.SINKS, sinks.tell):
            took = [timed(sink, reports[n % 1000]) * 1000 for n in range(count)]
            print(summary(f"a turn through {sink.__name__}", took, "µs"))
        logging.getLogger().handlers[0].setStream(sys.stderr)  # type: ignore[attr-defined]


def measure_scrapes() -> None:
    """What /metrics and its JSON take, after those turns."""
    from voice.telemetry import exposition

    for scrape in (exposition.text, exposition.as_json):
        took = [timed(scrape) for _ in range(READS)]
        print(summary(f"a scrape as {scrape.__name__}", took))


def fill() -> datetime:
    """The tables of such a site. Returns its now."""
    from django.db import connection

    from conversations import measures
    from conversations.models import Rollup
    from voice.telemetry.counting import add_turn
    from voice.telemetry.meters import Meters

    now = datetime.now(UTC).replace(minute=59, second=30, microsecond=0)
    chance, meters = random.Random(2), Meters()
    for _ in range(TURNS_A_MINUTE):
        add_turn(meters, any_report(chance))  # type: ignore[arg-type]
    rows = [(now, *key, *found) for key, found in meters.drain().items()]
    took = [timed(measures.keep, rows) for _ in range(READS)]
    print(summary(f"keeping the {len(rows)} sums of {TURNS_A_MINUTE} turns", took))
    minute, hour = now.replace(second=0), now.replace(minute=0, second=0)
    with connection.cursor() as cursor:
        cursor.execute(COPY, [60, minute, 60, 1, 1, MINUTES - 1, 60, minute])
        cursor.execute(COPY, [3600, hour, 3600, 60, 60, HOURS - 1, 3600, hour])
        cursor.execute(USERS, [60, minute, 60, USERS_A_MINUTE, MINUTES - 1])
        cursor.execute(USERS, [3600, hour, 3600, USERS_AN_HOUR, HOURS - 1])
        cursor.execute("ANALYZE conversations_rollup")
    print(f"{Rollup.objects.count():,} rows")
    return now


def measure_windows(now: datetime) -> None:
    from conversations import measures

    for read in (measures.window, measures.history):
        for span in ("5m", "1h", "1d"):
            took = [timed(read, span, now) for _ in range(READS)]
            print(summary(f"{read.__name__} of {span}", took))
    found = measures.window("1h", now)
    took = [timed(found.quantile, "turn_part_ms", 0.95, "total_ms") for _ in range(READS)]
    print(summary("a quantile of what was read", took))


def timed(function: Callable[..., object], *args: object) -> float:
    """In milliseconds."""
    began_at = time.perf_counter()
    function(*args)
    return (time.perf_counter() - began_at) * 1000


def main(turns: int = 20_000) -> None:
    with database():
        measure_turns(turns)
        measure_scrapes()
        measure_windows(fill())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
