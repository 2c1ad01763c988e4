"""The worker's own way to the database: asynchronous, and beside Django's pool."""

from collections.abc import Callable
from typing import Any

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import connector_params
from procrastinate.exceptions import ConnectorException

NAME = "voiceassistant worker"
"""What PostgreSQL lists its connections as."""
CONNECTIONS_MAX = 2
"""And one more that listens for new jobs."""
CONNECT_WITHIN_S = 5.0


class Connector(PsycopgConnector):
    """Calls `lost` when the database did not take what became of a job. That job would count as
    being done for as long as its worker lives: the worker has to go."""

    def __init__(self) -> None:
        super().__init__(
            kwargs=connector_params() | {"application_name": NAME},
            min_size=1,
            max_size=CONNECTIONS_MAX,
            timeout=CONNECT_WITHIN_S,
        )
        self.lost: Callable[[], object] = lambda: None

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        try:
            await super().execute_query_async(query, **arguments)
        except ConnectorException as error:
            if isinstance(error.__cause__, psycopg.OperationalError):
                self.lost()
            raise
