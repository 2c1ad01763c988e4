import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.providers.failover.breaker import (
    COOLDOWN_MAX_S,
    COOLDOWN_S,
    JITTER,
    POINTS_MAX,
    PROBE_LOST_S,
    RETRY_AFTER_MAX_S,
    SOON_S,
    Breaker,
    Failure,
    State,
)

ONCE = [failure for failure in Failure if failure is not Failure.BY_HAND]
"""What a provider can do by itself."""


def fails(breaker: Breaker, *failures: Failure, now: float = 0.0, **how: float) -> Breaker:
    for failure in failures:
        breaker = breaker.failed(failure, now=now, chance=0.0, **how)
    return breaker


def opened(failure: Failure = Failure.BUSY, *, now: float = 0.0) -> Breaker:
    return fails(Breaker(), failure, now=now)


@pytest.mark.parametrize(
    ("failures", "state"),
    [
        ([Failure.REJECTED], State.OPEN),
        ([Failure.BUSY], State.OPEN),
        ([Failure.UNAVAILABLE], State.CLOSED),
        ([Failure.TIMEOUT, Failure.UNAVAILABLE], State.OPEN),
        ([Failure.SLOW, Failure.SLOW], State.CLOSED),
        ([Failure.SLOW, Failure.SLOW, Failure.SLOW], State.OPEN),
    ],
)
def test_it_opens_after_as_many_failures_as_their_kind_deserves(failures, state):
    assert fails(Breaker(), *failures).state is state


def test_good_answers_in_between_are_forgiven():
    breaker = Breaker()
    for _ in range(50):
        breaker = fails(breaker, Failure.UNAVAILABLE)
        for _ in range(3):
            breaker = breaker.served(now=0.0, asked_at=0.0)

    assert breaker.is_closed


def test_three_failures_in_ten_open_it():
    breaker = Breaker()
    for _ in range(10):
        for failed in (True, False, False, True, False, False, True, False, False, False):
            if failed:
                breaker = fails(breaker, Failure.UNAVAILABLE)
            elif breaker.is_closed:
                breaker = breaker.served(now=0.0, asked_at=0.0)

    assert not breaker.is_closed


def test_an_open_one_wants_its_probe_when_the_cool_down_is_over():
    breaker = opened(now=100.0)

    assert not breaker.is_due(100.0 + COOLDOWN_S - 0.01)
    assert breaker.is_due(100.0 + COOLDOWN_S)


def test_some_of_the_cool_down_is_spared_by_chance():
    breaker = Breaker().failed(Failure.BUSY, now=0.0, chance=1.0)

    assert breaker.until == COOLDOWN_S * (1 - JITTER)


def test_a_wrong_key_is_left_alone_for_long():
    assert opened(Failure.REJECTED).until == COOLDOWN_MAX_S


@pytest.mark.parametrize(
    ("asks_s", "waits_s"), [(1.0, COOLDOWN_S), (30.0, 30.0), (9999.0, RETRY_AFTER_MAX_S)]
)
def test_who_asks_to_be_left_alone_is_within_reason(asks_s, waits_s):
    assert fails(Breaker(), Failure.BUSY, retry_after_s=asks_s).until == waits_s


def test_a_good_probe_closes_it():
    probed = opened().probing(now=6.0).probed(None, now=7.0, chance=0.0)

    assert probed.is_closed
    assert probed.points == 0
    assert probed.changed_at == 7.0


def test_each_bad_probe_doubles_the_cool_down_up_to_a_minute():
    breaker, cooldowns = opened(), []
    for _ in range(6):
        breaker = breaker.probing(now=0.0).probed(Failure.TIMEOUT, now=0.0, chance=0.0)
        cooldowns.append(breaker.cooldown_s)

    assert cooldowns == [10.0, 20.0, 40.0, 60.0, 60.0, 60.0]


@pytest.mark.parametrize(("after_s", "cooldown_s"), [(SOON_S - 1, 10.0), (SOON_S + 1, COOLDOWN_S)])
def test_one_that_opens_again_soon_has_not_got_well(after_s, cooldown_s):
    closed = opened().probing(now=5.0).probed(None, now=5.0, chance=0.0)

    assert fails(closed, Failure.BUSY, now=5.0 + after_s).cooldown_s == cooldown_s


def test_a_probe_that_died_with_its_process_is_made_again():
    breaker = opened().probing(now=10.0)

    assert not breaker.is_due(10.0 + PROBE_LOST_S - 0.01)
    assert breaker.is_due(10.0 + PROBE_LOST_S)


def test_an_open_one_that_answers_well_is_closed():
    assert opened(now=1.0).served(now=3.0, asked_at=2.0).is_closed


def test_an_answer_that_was_asked_for_before_it_opened_does_not_close_it():
    breaker = opened(Failure.REJECTED, now=2.0)

    assert breaker.served(now=3.0, asked_at=1.0) == breaker


def test_what_fails_while_it_is_open_does_not_lengthen_the_cool_down():
    assert fails(opened(), *ONCE, now=3.0).until == opened().until


@pytest.mark.parametrize("now", [0.0, 1e12])
def test_one_opened_by_hand_is_never_probed(now):
    assert not Breaker().opened_by_hand(now=0.0).is_due(now)


def test_one_opened_by_hand_stays_open_whatever_it_answers():
    breaker = Breaker().opened_by_hand(now=0.0)

    assert breaker.served(now=1.0, asked_at=0.5) == breaker
    assert breaker.probing(now=1.0) == breaker
    assert breaker.probed(None, now=1.0, chance=0.0) == breaker
    assert breaker.closed(now=1.0).is_closed


def test_a_probe_under_way_does_not_undo_what_a_hand_did():
    probing = opened().probing(now=6.0)

    by_hand = probing.opened_by_hand(now=7.0).probed(None, now=8.0, chance=0.0)
    closed = probing.closed(now=7.0).probed(Failure.TIMEOUT, now=8.0, chance=0.0)

    assert by_hand.state is State.OPEN
    assert closed.is_closed


def test_one_that_was_opened_and_closed_by_hand_opens_and_is_probed_like_any_other():
    closed = Breaker().opened_by_hand(now=0.0).closed(now=1.0)

    assert fails(closed, Failure.BUSY, now=2.0).is_due(2.0 + COOLDOWN_MAX_S)


# --- whatever happens ---------------------------------------------------------------------------
chances = st.floats(0.0, 1.0)
happenings = st.lists(
    st.tuples(
        st.sampled_from([*ONCE, None, "probe"]),
        chances,
        st.floats(0.0, 100.0),
        st.none() | st.floats(0.0, 1e6),
    ),
    max_size=40,
)
"""(what happens, chance, seconds since the last, retry after)"""


def lived(story: list[tuple[Failure | str | None, float, float, float | None]]) -> list[Breaker]:
    """Each state of a breaker that these things happen to; None is a good answer."""
    breaker, now, states = Breaker(), 0.0, []
    for happening, chance, passed_s, retry_after_s in story:
        now += passed_s
        if happening is None:
            breaker = breaker.served(now=now, asked_at=now)
        elif happening == "probe":
            breaker = breaker.probing(now=now) if breaker.is_due(now) else breaker
        elif breaker.state is State.HALF_OPEN:
            failure = Failure(happening)
            breaker = breaker.probed(failure, now=now, chance=chance, retry_after_s=retry_after_s)
        else:
            failure = Failure(happening)
            breaker = breaker.failed(failure, now=now, chance=chance, retry_after_s=retry_after_s)
        states.append(breaker)
    return states


@given(happenings)
def test_points_are_bounded(story):
    assert all(0 <= breaker.points <= POINTS_MAX for breaker in lived(story))


@given(happenings)
def test_it_is_never_open_for_ever(story):
    longest_s = max(COOLDOWN_MAX_S, RETRY_AFTER_MAX_S, PROBE_LOST_S)

    for breaker in lived(story):
        assert breaker.is_closed or breaker.is_due(breaker.changed_at + longest_s)


@given(happenings, chances)
def test_a_good_probe_always_closes_it(story, chance):
    for breaker in lived(story):
        if not breaker.is_closed:
            probing = breaker.probing(now=1e6)
            assert probing.probed(None, now=1e6 + 1, chance=chance).is_closed


@given(happenings)
def test_the_cool_down_only_grows_while_probes_fail_and_has_a_cap(story):
    for breaker in lived(story):
        cooldown_s = breaker.cooldown_s
        for _ in range(5):
            breaker = breaker.probing(now=0.0).probed(Failure.SLOW, now=0.0, chance=0.5)
            assert cooldown_s <= breaker.cooldown_s <= COOLDOWN_MAX_S
            cooldown_s = breaker.cooldown_s


@given(happenings)
def test_every_moment_is_a_real_one(story):
    assert all(math.isfinite(breaker.until) for breaker in lived(story))
