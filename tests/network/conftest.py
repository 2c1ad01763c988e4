from collections.abc import Iterator

import pytest

from tests.serving import Site, database, site


@pytest.fixture(scope="session")
def served(postgres: None, redis: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all tests that come over the network."""
    with site(tmp_path_factory.mktemp("site")) as running:
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
