"""Tests run on a real PostgreSQL with pgvector and a real Redis, thrown away afterwards.

Where DATABASE_URL and REDIS_URL are unset, both are started once per run, when the first test wants
them, in a folder of this run's own: runs side by side do not meet, nor do the processes of one run
(`pytest -n 2`). Django is set up here and not by pytest-django's option, which would read the
settings before their addresses are known.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from voiceassistant import embedded

VAR_DIR = Path(tempfile.mkdtemp(prefix="voiceassistant-tests-"))
VAR_DIR.chmod(0o755)  # for root: Postgres runs as somebody else and has to get in
EMBEDDED_POSTGRES = "DATABASE_URL" not in os.environ
EMBEDDED_REDIS = "REDIS_URL" not in os.environ
OURS = {
    "DATABASE_URL": embedded.database_url(VAR_DIR),
    "REDIS_URL": embedded.redis_url(VAR_DIR),
    "DJANGO_SETTINGS_MODULE": "voiceassistant.settings",
}
SET_HERE = [name for name in OURS if name not in os.environ]

os.environ["ENV_FILE"] = os.devnull  # a developer's own .env decides nothing here
for name in [name for name in os.environ if name.endswith("_API_KEY")]:
    del os.environ[name]  # no test speaks to a vendor
os.environ["SECRET_KEY"] = "for tests only, and long enough for the checks of Django to be content"
os.environ |= {name: OURS[name] for name in SET_HERE}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402

# Pages are rendered without collecting the static files first.
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
settings.SERVESTATIC_USE_FINDERS = True


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The processes of `pytest -n 2` inherit what was given, and set the rest as this one did."""
    for name in SET_HERE:
        del os.environ[name]


def pytest_sessionfinish() -> None:
    shutil.rmtree(VAR_DIR, ignore_errors=True)
    shutil.rmtree(embedded.Place(VAR_DIR).sockets, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[None]:
    """PostgreSQL runs at DATABASE_URL. Whatever uses the database has this already."""
    if not EMBEDDED_POSTGRES:
        yield
        return
    server = embedded.start_postgres(VAR_DIR, durable=False)
    yield
    embedded.stop_postgres(server)


@pytest.fixture(scope="session", autouse=True)
def redis() -> Iterator[None]:
    """Redis runs at REDIS_URL, for every test: it is up in 10 ms."""
    server = embedded.start_redis(VAR_DIR) if EMBEDDED_REDIS else None
    yield
    if server:
        embedded.stop_redis(server)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    postgres: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """pytest-django asks for this before it makes the test database."""


@pytest.fixture(scope="module", autouse=True)
def collecting_garbage_is_quick() -> None:
    """A full collection looks at all that a run has loaded, models included: half a second, and
    several on a busy machine, which is more than some answers may take. So it is spared whatever
    was there before the tests of a file."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def nothing_is_under_way_when_the_tables_are_emptied(
    request: pytest.FixtureRequest,
) -> Iterator[None]:
    """A session leaves late queries to their threads. Emptying the tables beside one can deadlock:
    each holds a table that the other wants next. Jobs are in no table that Django empties."""
    if "transactional_db" in request.fixturenames:
        request.getfixturevalue("transactional_db")  # whose end comes after this one's
    yield
    from django.db import connection

    from voice.background import threads as background
    from voice.store import threads as store

    store.finish()
    background.finish()
    if commits(request):
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def commits(request: pytest.FixtureRequest) -> bool:
    """The test's transactions are real ones, and stay until the tables are emptied."""
    marker = request.node.get_closest_marker("django_db")
    is_marked = marker is not None and marker.kwargs.get("transaction", False)
    return is_marked or "transactional_db" in request.fixturenames


@pytest.fixture(scope="session", autouse=True)
def no_connection_outlives_the_test_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """The voice queries on threads of its own: their pool would keep the database from going."""
    if any("db" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("django_db_setup")
    yield
    from django.db import connection

    connection.close()
    connection.close_pool()
