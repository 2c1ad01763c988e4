import random
from itertools import cycle, islice

import pytest

from voice.audio.crowd import LOOK_EVERY, QUIET_FRAMES, WINDOW_FRAMES, Crowd

VOICE, SILENCE = 0.95, 0.05
SYLLABLES = (-20, -22, -27, -38, -47, -30, -19)
"""One voice, in dBFS a frame."""


def even(level_dbfs: float, frames: int) -> list[float]:
    """The levels of a crowd: 9 dB between soft and loud moments."""
    chance = random.Random(5)
    return [level_dbfs + chance.uniform(-5, 5) for _ in range(frames)]


def one_voice(frames: int) -> list[float]:
    return [float(level) for level in islice(cycle(SYLLABLES), frames)]


def among(level_dbfs: float) -> Crowd:
    """After enough of a crowd at this level."""
    crowd = Crowd()
    for level in even(level_dbfs, WINDOW_FRAMES + LOOK_EVERY):
        crowd.heard(VOICE, level)
    assert crowd.level_dbfs is not None
    return crowd


def test_a_voice_alone_is_heard_however_long_it_speaks():
    crowd = Crowd()

    heard = [crowd.heard(VOICE, level) for level in one_voice(10 * WINDOW_FRAMES)]

    assert set(heard) == {VOICE}
    assert crowd.level_dbfs is None


def test_even_noise_that_is_no_voice_is_no_crowd():
    crowd = Crowd()

    assert {crowd.heard(SILENCE, level) for level in even(-30, 1000)} == {SILENCE}
    assert crowd.level_dbfs is None


def test_even_voices_are_heard_until_they_have_lasted_long_enough():
    crowd = Crowd()
    heard = [crowd.heard(VOICE, level) for level in even(-40, 2 * WINDOW_FRAMES)]

    assert set(heard[: WINDOW_FRAMES - LOOK_EVERY]) == {VOICE}
    assert max(heard[WINDOW_FRAMES + LOOK_EVERY :]) < 0.5


def test_who_is_louder_than_the_crowd_is_heard_at_once():
    crowd = among(-45)

    assert [crowd.heard(VOICE, -28) for _ in range(3)] == [VOICE] * 3


def test_a_voice_that_falls_to_the_crowd_neither_begins_nor_ends():
    crowd = among(-45)
    heard = [crowd.heard(VOICE, level) for level in (-28, -40, -40, -40)]

    assert heard[0] == VOICE
    assert 0.35 <= heard[-1] < 0.5


def test_what_is_softer_than_the_crowd_is_silence():
    crowd = among(-45)

    assert [crowd.heard(VOICE, -50) for _ in range(3)][-1] == 0.0


def test_a_long_turn_over_a_crowd_does_not_become_the_crowd():
    crowd = among(-45)
    before = crowd.level_dbfs

    for level in one_voice(10 * WINDOW_FRAMES):
        crowd.heard(VOICE, max(level, -44))

    assert crowd.level_dbfs == pytest.approx(before, abs=1)


def test_a_crowd_that_falls_silent_is_forgotten():
    crowd = among(-45)

    for _ in range(QUIET_FRAMES + 1):
        crowd.heard(SILENCE, -70)

    assert crowd.level_dbfs is None
    assert crowd.heard(VOICE, -45) == VOICE


def test_a_crowd_that_moves_is_followed():
    crowd = among(-45)
    for level in even(-35, 2 * WINDOW_FRAMES):
        crowd.heard(VOICE, level)

    assert crowd.level_dbfs is not None
    assert -34 < crowd.level_dbfs < -28
