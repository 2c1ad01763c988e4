from collections.abc import Iterator

import pytest

from tests.voiceassistant.clone import Clone


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """Its database is made once; the tests of a module start it again and again.

    For root it is also a clone that `nobody` can't enter: pytest's folders are private."""
    clone = Clone(tmp_path_factory.mktemp("clone"))
    yield clone
    clone.remove()
