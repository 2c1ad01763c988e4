"""What is counted reaches the database once, whatever becomes of a write."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from channels.db import database_sync_to_async
from django.db import DataError, OperationalError

from conversations import measures
from voice import store
from voice.telemetry import flushing
from voice.telemetry.flushing import Flusher, Row
from voice.telemetry.meters import Meters

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


class Database:
    """Keeps rows, unless it is away."""

    def __init__(self) -> None:
        self.rows: dict[tuple[object, ...], int] = {}
        self.writes = 0
        self.error: Exception | None = None
        self.is_slow = asyncio.Event()
        self.is_slow.set()

    async def keep(self, rows: Sequence[Row]) -> None:
        self.writes += 1
        await self.is_slow.wait()
        if self.error is not None:
            raise self.error
        for *key, count, _ in rows:
            self.rows[tuple(key)] = self.rows.get(tuple(key), 0) + count


class Clock:
    def __init__(self) -> None:
        self.now = NOON + timedelta(seconds=30)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def meters() -> Meters:
    return Meters()


def hits(at: datetime) -> tuple[object, ...]:
    return (at, "cache_hits", "", -1)


async def test_what_was_counted_is_kept_by_its_minute(meters):
    database, clock = Database(), Clock()
    flusher = Flusher(meters, database.keep, wall=clock)
    meters.count("cache_hits")
    await flusher.flush()
    clock.now += timedelta(minutes=1)
    meters.count("cache_hits")
    meters.count("cache_hits")
    await flusher.flush()

    assert database.rows == {hits(NOON): 1, hits(NOON + timedelta(minutes=1)): 2}


async def test_where_nothing_was_counted_nothing_is_written(meters):
    database = Database()

    await Flusher(meters, database.keep, wall=Clock()).flush()

    assert database.writes == 0


@pytest.mark.parametrize("error", [OperationalError("away"), TimeoutError(), OSError()])
async def test_a_database_that_is_away_loses_nothing(meters, error):
    database, clock = Database(), Clock()
    flusher = Flusher(meters, database.keep, wall=clock)
    database.error = error
    for _ in range(3):
        meters.count("cache_hits")
        await flusher.flush()
        clock.now += timedelta(minutes=1)
    database.error = None
    await flusher.flush()
    await flusher.flush()

    assert database.rows == {hits(NOON + timedelta(minutes=n)): 1 for n in range(3)}


async def test_what_the_database_refuses_does_not_hold_up_the_rest(meters):
    database = Database()
    flusher = Flusher(meters, database.keep, wall=Clock())
    database.error = DataError("no")
    meters.count("cache_hits")
    await flusher.flush()
    database.error = None
    meters.count("turns", "typed")
    await flusher.flush()

    assert database.rows == {(NOON, "turns", "typed", -1): 1}


async def test_what_waits_too_long_is_bounded_and_the_oldest_goes(meters):
    database, clock = Database(), Clock()
    flusher = Flusher(meters, database.keep, wall=clock)
    database.error = OperationalError("away")
    minutes = 4
    for _ in range(minutes):
        for label in range(flushing.WAITING_MAX // 3):
            meters.count("tool_calls", str(label))
        await flusher.flush()
        clock.now += timedelta(minutes=1)
    database.error = None
    await flusher.flush()

    assert len(database.rows) == flushing.WAITING_MAX
    assert max(at for at, *_ in database.rows) == NOON + timedelta(minutes=minutes - 1)
    assert sum(at == NOON for at, *_ in database.rows) == 2


async def test_what_is_counted_during_a_write_comes_with_the_next(meters):
    database = Database()
    flusher = Flusher(meters, database.keep, wall=Clock())
    database.is_slow.clear()
    meters.count("cache_hits")
    writing = asyncio.create_task(flusher.flush())
    await asyncio.sleep(0)
    meters.count("cache_hits")
    database.is_slow.set()
    await writing
    assert database.rows == {hits(NOON): 1}

    await flusher.flush()

    assert database.rows == {hits(NOON): 2}


async def test_a_write_that_was_broken_off_is_made_again(meters):
    database = Database()
    flusher = Flusher(meters, database.keep, wall=Clock())
    database.is_slow.clear()
    meters.count("cache_hits")
    writing = asyncio.create_task(flusher.flush())
    await asyncio.sleep(0)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    database.is_slow.set()

    await flusher.flush()

    assert database.rows == {hits(NOON): 1}


async def test_what_was_counted_can_be_read_from_the_database(meters, transactional_db):
    meters.count("turns", "spoken")
    meters.observe("turn_part_ms", 800.0, "total_ms")
    clock = Clock()

    await Flusher(meters, store.keep_measures, wall=clock).flush()

    found = await database_sync_to_async(measures.window)("5m", clock.now)
    assert found.count("turns") == 1
    assert found.quantile("turn_part_ms", 0.95, "total_ms") == pytest.approx(800, rel=0.045)
