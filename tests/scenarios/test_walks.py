"""Two hundred random conversations (`python -m bench.walks` has ten thousand)."""

import random

import pytest

from tests.scenarios.call import play
from tests.scenarios.invariants import breaches
from tests.scenarios.walk import Walk


@pytest.mark.parametrize("seed", range(200))
def test_whatever_happens_the_conversation_holds(seed):
    random.seed(seed)  # back-off is random

    seen = play(Walk(seed).timeline())

    assert breaches(seen) == [], seen.report()
