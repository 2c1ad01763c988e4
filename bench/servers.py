"""A site to measure: `manage.py serve` on servers of its own, thrown away afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Site, site
from voiceassistant import embedded


@contextmanager
def measured_site(*command: str, **settings: str) -> Iterator[Site]:
    """The site while it runs. command: what serves it, `manage.py serve` unless told otherwise;
    settings: further environment variables."""
    folder = Path(tempfile.mkdtemp(prefix="voiceassistant-bench-"))
    folder.chmod(0o755)  # for root: Postgres runs as somebody else and has to get in
    postgres, redis = embedded.start_postgres(folder), embedded.start_redis(folder)
    os.environ["DATABASE_URL"] = embedded.database_url(folder)
    os.environ["REDIS_URL"] = embedded.redis_url(folder)
    try:
        with site(folder, *command, **settings) as running:
            yield running
    finally:
        embedded.stop_redis(redis)
        embedded.stop_postgres(postgres)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(embedded.Place(folder).sockets, ignore_errors=True)
