"""The guard and the meter, on a speaker, a room and a user that are made."""

from dataclasses import dataclass

import numpy as np
import pytest

from tests.voice.audio.loudspeaker import room, speechlike
from voice.audio.echo import EchoGuard
from voice.audio.echo_check import EchoCheck
from voice.audio.echo_meter import EchoMeter, MeasuredEcho
from voice.audio.pcm import Samples, from_float
from voice.audio.reference import RATE_HZ, REPLY_HZ, Reference

FRAME = 512
PLAYED = speechlike(8, seed=1, rate_hz=RATE_HZ)
USER_S = 5.0


@dataclass(frozen=True)
class Verdicts:
    """Of each frame: was it taken for an echo?"""

    frames: list[bool]

    def share(self, from_s: float, to_s: float) -> float:
        part = self.frames[round(from_s * RATE_HZ / FRAME) : round(to_s * RATE_HZ / FRAME)]
        return sum(part) / len(part)

    def noticed_s(self, from_s: float) -> float:
        """How long after that three frames in a row were somebody's: an onset."""
        first = round(from_s * RATE_HZ / FRAME)
        runs = range(first, len(self.frames) - 2)
        found = next(at for at in runs if not any(self.frames[at : at + 3]))
        return (found + 3 - first) * FRAME / RATE_HZ


def guarded(mic: Samples, played: Samples = PLAYED) -> Verdicts:
    guard, frames = EchoGuard(), []
    for start in range(0, len(mic) - FRAME + 1, FRAME):
        guard.feed(mic[start : start + FRAME], played[start : start + FRAME])
        frames.append(guard.is_echo)
    return Verdicts(frames)


def over(mic: Samples, voice: Samples, at_s: float = USER_S) -> Samples:
    mixed = mic.copy()
    start = round(at_s * RATE_HZ)
    mixed[start : start + len(voice)] += voice[: len(mixed) - start]
    return mixed


def user(dbfs: float, seconds: float = 1.5) -> Samples:
    return speechlike(seconds, seed=99, rate_hz=RATE_HZ, dbfs=dbfs)


@pytest.mark.parametrize("gain_db", [-6, -10, -20])
@pytest.mark.parametrize("delay_s", [0.05, 0.25])
def test_an_echo_is_taken_for_one(gain_db, delay_s):
    verdicts = guarded(room(PLAYED, gain_db=gain_db, delay_s=delay_s))

    assert verdicts.share(2, 8) > 0.95


@pytest.mark.parametrize("gain_db", [-6, -10, -20])
def test_somebody_who_talks_over_the_echo_is_heard_through_it(gain_db):
    echo = room(PLAYED, gain_db=gain_db, delay_s=0.15)
    verdicts = guarded(over(echo, user(-20 + gain_db + 6)))

    assert verdicts.share(2, USER_S - 0.1) > 0.95
    assert verdicts.noticed_s(USER_S) < 0.5


def test_where_nothing_comes_back_a_voice_is_somebodys():
    silent = room(np.zeros_like(PLAYED), gain_db=0, delay_s=0)
    verdicts = guarded(over(silent, user(-30), at_s=1.0))

    assert verdicts.noticed_s(1.0) < 0.5


def test_while_nothing_plays_nothing_is_an_echo():
    verdicts = guarded(over(np.zeros_like(PLAYED), user(-20)), played=np.zeros_like(PLAYED))

    assert verdicts.share(0, 8) == 0


def test_an_echo_that_jumps_is_still_one():
    echo = room(PLAYED, gain_db=-10, delay_s=0.12)
    jump = round(0.03 * RATE_HZ)
    half = len(echo) // 2
    early = np.concatenate([echo[:half], echo[half + jump :], np.zeros(jump, np.float32)])
    late = np.concatenate([echo[:half], echo[half - jump : -jump]])

    assert guarded(early).share(4, 8) > 0.8
    assert guarded(late).share(4, 8) > 0.8


def test_what_is_not_learned_from_changes_nothing():
    echo = room(PLAYED, gain_db=-10, delay_s=0.1)
    guard, other = EchoGuard(), EchoGuard()
    half = len(echo) // 2 // FRAME * FRAME
    for start in range(0, half, FRAME):
        for each in (guard, other):
            each.feed(echo[start : start + FRAME], PLAYED[start : start + FRAME])
    for start in range(half, half + 30 * FRAME, FRAME):  # ducked, and nobody said so
        quiet = echo[start : start + FRAME] * np.float32(0.1)
        guard.feed(quiet, PLAYED[start : start + FRAME], learns=False)
        other.feed(quiet, PLAYED[start : start + FRAME])
    start = half + 30 * FRAME
    for each in (guard, other):
        for at in range(start, start + 6 * FRAME, FRAME):
            each.feed(echo[at : at + FRAME], PLAYED[at : at + FRAME])

    assert guard.excess_db < other.excess_db


def metered(mic: Samples, played: Samples = PLAYED) -> MeasuredEcho:
    meter = EchoMeter()
    for start in range(0, len(mic) - FRAME + 1, FRAME):
        meter.feed(mic[start : start + FRAME], played[start : start + FRAME])
    return meter.measured


@pytest.mark.parametrize("gain_db", [-6, -20])
@pytest.mark.parametrize("delay_s", [0.05, 0.2])
def test_the_meter_says_how_loud_an_echo_is_and_how_late(gain_db, delay_s):
    measured = metered(room(PLAYED, gain_db=gain_db, delay_s=delay_s))

    assert measured.is_confident
    assert measured.needs_canceller
    assert measured.level_db == pytest.approx(gain_db, abs=3)
    assert measured.delay_s == pytest.approx(delay_s, abs=0.002)


def test_without_an_echo_no_canceller_is_needed_whoever_talks():
    silent = room(np.zeros_like(PLAYED), gain_db=0, delay_s=0)
    talked_over = over(silent, user(-20, 6), at_s=1.0)

    assert metered(silent).is_confident
    assert not metered(silent).needs_canceller
    assert not metered(talked_over).needs_canceller


def test_an_echo_is_found_under_somebody_who_talks():
    echo = room(PLAYED, gain_db=-10, delay_s=0.1)

    assert metered(over(echo, user(-26, 3), at_s=2.0)).needs_canceller


def test_the_meter_waits_until_enough_was_played():
    second = room(PLAYED, gain_db=-6, delay_s=0.1)[:RATE_HZ]

    assert metered(second) == MeasuredEcho()
    assert metered(PLAYED, played=np.zeros_like(PLAYED)) == MeasuredEcho()


def checked(gain_db: float | None) -> tuple[EchoCheck, list[bool]]:
    """A call on an open speaker, or with headphones, through the reference."""
    reply = speechlike(7, seed=5)
    reference = Reference()
    check = EchoCheck(reference)
    reference.add(1, 0, from_float(reply))
    reference.pair(1, 0, 0.5)
    sound = np.concatenate([np.zeros(RATE_HZ // 2, np.float32), _at_16_khz(reply)])
    played = sound if gain_db is not None else np.zeros_like(sound)
    mic = room(played, gain_db=gain_db or 0, delay_s=0.1)
    verdicts = []
    for start in range(0, len(mic) - FRAME + 1, FRAME):
        frame = from_float(mic[start : start + FRAME])
        verdicts.append(check.is_echo(frame, start / RATE_HZ))
    return check, verdicts


def _at_16_khz(reply: Samples) -> Samples:
    at = np.arange(0, len(reply), REPLY_HZ / RATE_HZ)
    return np.interp(at, np.arange(len(reply)), reply).astype(np.float32)


def test_a_call_on_an_open_speaker_asks_for_the_canceller():
    check, verdicts = checked(-10)

    assert check.needs_canceller
    assert sum(verdicts[60:]) > 0.9 * len(verdicts[60:])


def test_a_call_with_headphones_does_not():
    check, _ = checked(None)

    assert not check.needs_canceller
    assert check.measured.is_confident


def test_before_a_reply_begins_nothing_is_judged():
    reference = Reference()
    check = EchoCheck(reference)
    loud = from_float(user(-10)[:FRAME])

    assert not check.is_echo(loud, 0.0)
    assert check.measured == MeasuredEcho()
