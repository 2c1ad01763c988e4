"""Turns in noise, and noise alone: recordings mixed with what is heard behind a speaker."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.speech.backgrounds import (
    RATE_HZ,
    Random,
    Signal,
    at_level,
    babble,
    coloured,
    fan,
    room,
    street,
)
from bench.speech.clips import Clip
from bench.speech.spoken import say
from bench.speech.timeline import probabilities
from voice.audio.pcm import Samples, to_float
from voice.audio.vad import FRAME_SAMPLES

SPEAKER_DBFS = (-38.0, -18.0)
"""From far and soft to near and loud."""
BEFORE_S, AFTER_S = 6.0, 2.0
"""Of noise around a turn. Nobody speaks the moment they connect; a crowd is known after 4 s."""
VOICES = ("en-us", "en-gb-x-rp", "de", "es", "fr+f3", "en-us+f2", "en-us+m5", "it+m2")
"""Of the babble, beside those of the other recordings."""


@dataclass(frozen=True, slots=True)
class Turn:
    sound: Samples
    starts_s: float
    ends_s: float


def noise(kind: str, random: Random, count: int, voices: Sequence[Samples]) -> Signal:
    if kind == "babble":
        return babble(random, count, voices)
    if kind == "quiet":
        return coloured(random, count, 0.5)
    return {"fan": fan, "street": street, "room": room}[kind](random, count)


def from_first_sound(spoken: Sequence[Clip]) -> list[Clip]:
    """Each begins where VAD first hears a voice in it, as it came: a label may lack that."""
    heard = probabilities([to_float(clip.pcm) for clip in spoken])
    starts_s = [float(np.argmax(of_one >= 0.5)) * FRAME_SAMPLES / RATE_HZ for of_one in heard]
    return [
        replace(clip, start_s=max(clip.start_s, start_s))
        for clip, start_s in zip(spoken, starts_s, strict=True)
        if start_s < clip.end_s
    ]


def turns(spoken: Sequence[Clip], kind: str, snr_db: float, count: int, seed: int) -> list[Turn]:
    """The recordings in turn, at some level, in the noise; its voices never say the same."""
    made = []
    for index in range(count):
        clip = spoken[index % len(spoken)]
        random = np.random.default_rng([seed, index, round(snr_db), sum(map(ord, kind))])
        made.append(turn(clip, kind, snr_db, random, talkers(spoken, but=clip)))
    return made


def turn(clip: Clip, kind: str, snr_db: float, random: Random, voices: Sequence[Samples]) -> Turn:
    level_dbfs, speech = random.uniform(*SPEAKER_DBFS), voiced(clip)
    starts_s = BEFORE_S + random.uniform(0, 0.5)
    sound = np.zeros(int((starts_s + AFTER_S) * RATE_HZ) + speech.size, np.float32)
    start = int(starts_s * RATE_HZ)
    sound[start : start + speech.size] = at_level(np.asarray(speech, np.float64), level_dbfs)
    sound += at_level(noise(kind, random, sound.size, voices), level_dbfs - snr_db)
    return Turn(sound, starts_s, starts_s + speech.size / RATE_HZ)


def alone(
    kind: str, level_dbfs: float, seconds: float, spoken: Sequence[Clip], seed: int
) -> Samples:
    random = np.random.default_rng([seed, round(-level_dbfs), sum(map(ord, kind))])
    made = noise(kind, random, int(seconds * RATE_HZ), talkers(spoken))
    return at_level(made, level_dbfs)


def talkers(spoken: Sequence[Clip], but: Clip | None = None) -> list[Samples]:
    """Whose voices may be in a babble."""
    others = [synthetic(voice, spoken) for voice in VOICES]
    return [voiced(clip) for clip in spoken if clip is not but] + others


def voiced(clip: Clip) -> Samples:
    start, end = int(clip.start_s * RATE_HZ), int(clip.end_s * RATE_HZ)
    return to_float(clip.pcm[2 * start : 2 * end])


def synthetic(voice: str, spoken: Sequence[Clip]) -> Samples:
    return say(" ".join(clip.text for clip in spoken[:8]), voice).sound
