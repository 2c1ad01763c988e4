"""A worker hears of it when the database did not take what became of a job."""

import pytest
from procrastinate.exceptions import ConnectorException

from voice.background.connector import Connector

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.mark.parametrize(
    ("query", "lost"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid())", True),
        ("SELECT procrastinate_finish_job_v1(0, 'succeeded', true)", False),
    ],
    ids=["hung up amid the query", "no such job any more"],
)
async def test_it_tells_a_lost_database_from_an_answer_that_nobody_likes(query: str, lost: bool):
    told: list[bool] = []
    connector = Connector()
    connector.lost = lambda: told.append(True)
    await connector.open_async()
    try:
        with pytest.raises(ConnectorException):
            await connector.execute_query_async(query)
    finally:
        await connector.close_async()

    assert told == [True] * lost
