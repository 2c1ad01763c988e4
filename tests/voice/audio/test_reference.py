import numpy as np
import pytest

from tests.voice.audio.loudspeaker import Client, speechlike
from voice.audio.pcm import Samples, from_float
from voice.audio.reference import (
    CUT_LATE_S,
    DUCK_LATE_S,
    DUCKED_GAIN,
    LEAD_S,
    RATE_HZ,
    REPLY_HZ,
    Reference,
)

REPLY = speechlike(6, seed=1)


def lateness_s(reference: Samples, heard: Samples, *, within_s: float = 0.1) -> float:
    """How much later `heard` is than `reference`."""
    size = 2 * len(heard)
    cross = np.fft.rfft(heard, size) * np.fft.rfft(reference, size).conj()
    correlation = np.fft.irfft(cross)
    span = round(within_s * RATE_HZ)
    lags = np.arange(-span, span + 1)
    return float(lags[np.argmax(correlation[lags])]) / RATE_HZ


def part(sound: Samples, from_s: float, to_s: float) -> Samples:
    return sound[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]


def level(sound: Samples) -> float:
    return float(np.sqrt(np.mean(sound**2)))


@pytest.mark.parametrize("begins_s", [0.05, 0.25, 1.3])
def test_it_is_what_was_heard_a_little_early(begins_s):
    client = Client(REPLY, begins_s=begins_s)

    taken = client.play(Reference(), 5)
    heard = client.heard(LEAD_S, len(taken))

    assert np.abs(part(taken, begins_s + 0.5, 4.9) - part(heard, begins_s + 0.5, 4.9)).max() < 0.002


@pytest.mark.parametrize("drift", [100e-6, -100e-6])
@pytest.mark.parametrize("jitter_s", [0.0, 0.003])
def test_it_follows_a_clock_that_is_off(drift, jitter_s):
    client = Client(speechlike(16, seed=1), drift=drift, jitter_s=jitter_s)

    taken = client.play(Reference(), 15)
    heard = client.heard(0, len(taken))

    assert lateness_s(part(taken, 13, 15), part(heard, 13, 15)) == pytest.approx(LEAD_S, abs=0.0015)


@pytest.mark.parametrize("jump_s", [0.06, -0.06])
def test_a_jump_is_followed_from_the_next_pair_on(jump_s):
    client = Client(REPLY, jump_at_s=2.0, jump_s=jump_s)

    taken = client.play(Reference(), 5)
    heard = client.heard(0, len(taken))

    assert lateness_s(part(taken, 1, 1.9), part(heard, 1, 1.9)) == pytest.approx(LEAD_S, abs=1e-3)
    assert lateness_s(part(taken, 2.3, 5), part(heard, 2.3, 5)) == pytest.approx(LEAD_S, abs=1e-3)


def test_nothing_is_heard_before_a_reply_begins_and_after_it_ends():
    taken = Client(speechlike(2, seed=1), begins_s=0.5).play(Reference(), 4)

    assert not part(taken, 0, 0.5).any()
    assert part(taken, 1, 2).any()
    assert not part(taken, 2.6, 4).any()


def test_nobody_who_says_nothing_is_heard():
    reference = Reference()

    assert not reference.take(3.0, 160).any()
    assert not reference.is_audible(3.0)


def test_the_first_pair_teaches_when_the_next_reply_will_be_heard():
    reference = Reference()
    Client(speechlike(2, seed=1), begins_s=0.4).play(reference, 5)
    reference.add(2, 0, from_float(REPLY[:REPLY_HZ]))
    silent, sounding = reference.take(5.3, 160), reference.take(5.5, 160)

    assert not silent.any()
    assert sounding.any()


def test_a_duck_softens_it_late_and_an_unduck_at_once():
    reference, plain = Reference(), Reference()
    for each in (reference, plain):
        each.add(1, 0, from_float(REPLY))
        each.pair(1, 0, 0.0)
        each.take(0.0, 160)
    reference.duck(1)
    soon_s, later_s = DUCK_LATE_S / 2, DUCK_LATE_S + 0.5

    assert (reference.take(soon_s, 160) == plain.take(soon_s, 160)).all()
    ducked = reference.take(later_s, 800)
    assert level(ducked) == pytest.approx(DUCKED_GAIN * level(plain.take(later_s, 800)))
    assert not reference.is_steady(later_s)
    reference.unduck()
    assert (reference.take(later_s + 0.1, 160) == plain.take(later_s + 0.1, 160)).all()
    assert not reference.is_steady(later_s + 0.1)
    assert reference.is_steady(later_s + 1)


def test_an_interrupted_reply_ends_where_the_client_says():
    reference = Reference()
    reference.add(1, 0, from_float(REPLY))
    reference.pair(1, 0, 0.0)
    reference.take(1.0, 160)
    reference.interrupt(1)

    assert reference.take(1.1, 160).any()
    reference.pair(1, round(1.15 * REPLY_HZ), 1.15)
    assert not reference.take(1.2, 160).any()


def test_an_interrupted_reply_ends_soon_when_the_client_says_nothing():
    reference = Reference()
    reference.add(1, 0, from_float(REPLY))
    reference.pair(1, 0, 0.0)
    reference.take(1.0, 160)
    reference.interrupt(1)

    assert not reference.take(1.1 + CUT_LATE_S, 160).any()


def test_a_reply_that_follows_another_does_not_wait_for_its_end():
    reference = Reference()
    reference.add(1, 0, from_float(REPLY))
    reference.pair(1, 0, 0.0)
    reference.take(1.0, 160)
    reference.interrupt(1)
    reference.pair(1, REPLY_HZ, 1.0)
    reference.add(2, 0, from_float(REPLY))
    reference.pair(2, 0, 1.2)

    alone = Reference()
    alone.add(2, 0, from_float(REPLY))
    alone.pair(2, 0, 1.2)
    assert (reference.take(1.5, 800) == alone.take(1.5, 800)).all()


def test_audio_of_long_ago_is_forgotten():
    reference = Reference()
    client = Client(speechlike(12, seed=1))

    client.play(reference, 11)

    assert 3 < reference.held_s < 6


def test_another_client_begins_anew():
    reference = Reference()
    Client(REPLY).play(reference, 2)

    reference.restart()

    assert not reference.is_audible(0.5)
    assert not reference.take(0.5, 160).any()


def test_a_pair_for_a_reply_that_nobody_sent_is_ignored():
    reference = Reference()

    reference.pair(9, 1_000, 1.0)

    assert not reference.take(1.0, 160).any()


@pytest.mark.parametrize("count", [160, 512, 16_000])
def test_pieces_of_any_length_are_the_same_sound(count):
    """Also while it plays faster to make up for what a pair was off."""
    whole, parts = Reference(), Reference()
    for each in (whole, parts):
        each.add(1, 0, from_float(REPLY))
        each.pair(1, 0, 0.0)
        each.pair(1, round(0.254 * REPLY_HZ), 0.25)
    taken = np.concatenate(
        [parts.take(0.5 + at / RATE_HZ, count) for at in range(0, 32_000, count)]
    )

    assert np.abs(whole.take(0.5, 32_000) - taken[:32_000]).max() < 1e-3


@pytest.mark.parametrize("ends", ["it was interrupted", "another began"])
def test_a_ducked_reply_that_is_over_leaves_nothing_uncertain(ends):
    reference = Reference()
    reference.add(1, 0, from_float(REPLY))
    reference.pair(1, 0, 0.0)
    reference.take(1.0, 160)
    reference.duck(1)
    if ends == "it was interrupted":
        reference.interrupt(1)
    else:
        reference.add(2, 0, from_float(REPLY))

    assert not reference.is_steady(1.1)
    assert reference.is_steady(2.0)
