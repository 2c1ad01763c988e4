from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Site, database, site


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Some start two sites of their own."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture(scope="session")
def served(postgres: None, redis: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests that come over the network."""
    with site(tmp_path_factory.mktemp("site")) as running:
        running.until_warm()
        yield running


@pytest.fixture(scope="session")
def token(served: Site) -> str:
    return served.token()


@pytest.fixture(scope="session")
def friends_token(served: Site) -> str:
    """Somebody else's."""
    return served.add_user()


@pytest.fixture
def kept(postgres: None, redis: None) -> Iterator[str]:
    """A database that outlives the site."""
    with database() as url:
        yield url
