import pytest

from voice.audio.playout import JUMP_S, Playout


def test_the_first_pair_is_believed():
    playout = Playout(1.0)

    playout.pair(5.0, 2.0)

    assert playout.position_s(5.5) == pytest.approx(2.5)
    assert playout.begins_s() == pytest.approx(3.0)


def test_before_any_pair_it_begins_when_it_is_expected_to():
    assert Playout(1.0).position_s(1.5) == pytest.approx(0.5)
    assert Playout(1.0).position_s(0.5) == pytest.approx(-0.5)


@pytest.mark.parametrize("off_s", [0.06, -0.06, 2 * JUMP_S])
def test_a_jump_is_believed_at_once(off_s):
    playout = Playout(0.0)
    playout.pair(1.0, 1.0)

    playout.pair(2.0, 2.0 + off_s)

    assert playout.position_s(2.0) == pytest.approx(2.0 + off_s)


def test_jitter_moves_nothing_at_once():
    playout = Playout(0.0)
    playout.pair(1.0, 1.0)

    playout.pair(2.0, 2.003)

    assert playout.position_s(2.0) == pytest.approx(2.0)
    assert 2.25 < playout.position_s(2.25) < 2.251


@pytest.mark.parametrize("drift", [100e-6, -100e-6])
def test_a_clock_that_is_off_is_learned(drift):
    playout = Playout(0.0)
    for pair in range(160):
        at_s = pair * 0.25
        playout.pair(at_s, at_s * (1 + drift))

    assert playout.pace == pytest.approx(drift, rel=0.2)
    assert playout.position_s(40.0) == pytest.approx(40 * (1 + drift), abs=0.0005)


def test_pairs_at_one_instant_do_no_harm():
    playout = Playout(0.0)
    for _ in range(100):
        playout.pair(1.0, 1.001)

    assert playout.position_s(1.0) == pytest.approx(1.001, abs=0.001)
