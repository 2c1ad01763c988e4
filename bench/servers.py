"""A site to measure: `manage.py serve` on servers of its own, thrown away afterwards."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Site, site
from voiceassistant import embedded

WARM_WITHIN_S = 120.0


@contextmanager
def measured_site(*command: str, **settings: str) -> Iterator[Site]:
    """The site while it runs. command: what serves it, `manage.py serve` unless told otherwise;
    settings: further environment variables."""
    folder = Path(tempfile.mkdtemp(prefix="voiceassistant-bench-"))
    folder.chmod(0o755)  # for root: Postgres runs as somebody else and has to get in
    postgres, redis = embedded.start_postgres(folder), embedded.start_redis(folder)
    os.environ["DATABASE_URL"] = embedded.database_url(folder)
    os.environ["REDIS_URL"] = settings.setdefault("REDIS_URL", embedded.redis_url(folder))
    try:
        with site(folder, *command, **settings) as running:
            yield running
    finally:
        embedded.stop_redis(redis)
        embedded.stop_postgres(postgres)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(embedded.Place(folder).sockets, ignore_errors=True)


def is_warm(site: Site) -> bool:
    """Whether what loads behind the open door is loaded; told by the log, from level INFO on."""
    return "warm_up.done" in site.log.read_text()


def wait_until_warm(site: Site) -> None:
    deadline = time.monotonic() + WARM_WITHIN_S
    while not is_warm(site):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Still warming up after {WARM_WITHIN_S:g} s (LOG_LEVEL is INFO?).")
        time.sleep(0.1)
