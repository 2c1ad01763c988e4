from hypothesis import given
from hypothesis import strategies as st

from voice.providers.failover.breaker import POINTS, POINTS_MAX, Failure
from voice.providers.failover.budget import BURST, SHARE, HedgeBudget


def spent(budget: HedgeBudget) -> int:
    """How many hedges it pays for at once."""
    count = 0
    while budget.spend():
        count += 1
    return count


def test_a_burst_is_paid_for_and_no_more():
    budget = HedgeBudget()

    assert spent(budget) == BURST
    assert not budget.spend()


def test_a_burst_is_enough_to_open_the_breaker_of_one_that_hangs():
    assert BURST * POINTS[Failure.SLOW] >= POINTS_MAX


def test_every_twentieth_request_earns_another():
    budget = HedgeBudget()
    spent(budget)
    for _ in range(round(1 / SHARE) * 2 + 1):
        budget.earn()

    assert spent(budget) == 2


@given(st.lists(st.booleans(), max_size=400))
def test_it_never_pays_for_more_than_its_share_and_a_burst(wishes):
    budget, hedges = HedgeBudget(), 0
    for wishes_hedge in wishes:
        budget.earn()
        hedges += wishes_hedge and budget.spend()

    assert hedges <= BURST + SHARE * len(wishes) + 1e-6


def test_it_saves_no_more_than_a_burst():
    budget = HedgeBudget()
    for _ in range(1000):
        budget.earn()

    assert spent(budget) == BURST
