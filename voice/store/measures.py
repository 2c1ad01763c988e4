"""How the site is doing, for the dashboard of all servers."""

from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic

from conversations import measures
from voice.store.threads import QUERY_S, query


async def keep_measures(rows: Sequence[tuple[datetime, str, str, int, int, float]]) -> None:
    """Add them to what is stored. Where it raises, nothing is added, then or later: what was added
    twice would stay so."""
    not_after = monotonic() + QUERY_S - measures.WRITE_MS / 1000
    await query(measures.keep, rows, not_after=not_after)


async def prune_measures() -> int:
    """Forget what nobody asks for any more."""
    return await query(measures.prune, datetime.now(UTC))
