"""What stands in a database that outlives its site."""

import asyncio

import psycopg


def stored(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


async def until_stored(
    url: str, query: str, wanted: list[tuple[object, ...]], *, within_s: float = 15
) -> None:
    async with asyncio.timeout(within_s):
        while await asyncio.to_thread(stored, url, query) != wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
