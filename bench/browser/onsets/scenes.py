"""What a microphone hears while a reply plays: a voice, or something that is none, over a room and
over what is left of the reply in it. 16 kHz, seeded; every other one as a browser cleans it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from bench.speech import texts
from bench.speech.backgrounds import Signal, at_level, coloured, fan, room, street
from bench.speech.clips import clips
from bench.speech.noises import NOISES
from bench.speech.spoken import RATE_HZ, Random, say, within
from bench.speech.spoken import room as response_of
from bench.speech.timeline import FRAME_S, SPEECH, probabilities
from tests.voice.text.replies import REPLIES
from voice.audio.apm import DELAY_SAMPLES, FRAME_BYTES, Apm
from voice.audio.pcm import Samples, from_float, to_float

LEVELS_DBFS = (-20.0, -28.0, -36.0)
"""Of the voice, its pauses left out: near, at a desk, across the room."""
ECHOES_DB = (None, -40.0, -30.0, -20.0)
"""How much softer than it is played a reply comes back; None in headphones."""
REPLY_DBFS = -20.0
NOISES_DBFS = (-55.0, -45.0)
BEFORE_S, AFTER_S = 3.0, 1.0
"""Of the reply, before the voice and after its beginning."""
NOISE_S = 30.0
EVERY_S = 3.0
"""A cough, a key, a door."""
VOICES_MOST = 64


@dataclass(frozen=True, slots=True)
class Scene:
    row: str
    """What it is counted under."""
    microphone: Samples
    played: Samples
    starts_s: float | None
    """When somebody begins to speak, by VAD at 0.5; None where nobody does."""
    is_held_out: bool
    """Nothing is tuned on it."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A recording, from before its first word on."""

    sound: Samples
    starts_s: float


def scenes() -> Iterator[Scene]:
    yield from _voices("recordings", [Voice(to_float(c.pcm), c.start_s) for c in clips()])
    yield from _voices("spoken", _spoken())
    yield from _backgrounds()
    yield from _short_noises()


def _spoken() -> list[Voice]:
    """Interruptions and one-word answers in several languages."""
    said = [
        say(text, voice).sound
        for by_language in (texts.INTERRUPTIONS, texts.ANSWERS)
        for language, all_of in by_language.items()
        for text, voice in zip(all_of, texts.VOICES[language] * len(all_of), strict=False)
    ]
    picked = said[:: max(1, len(said) // VOICES_MOST)]
    padded = [np.concatenate((np.zeros(RATE_HZ // 2, np.float32), sound)) for sound in picked]
    heard = probabilities([np.concatenate((sound, np.zeros(512, np.float32))) for sound in padded])
    return [
        Voice(sound, float(np.argmax(of_one >= SPEECH)) * FRAME_S)
        for sound, of_one in zip(padded, heard, strict=True)
        if of_one.max() >= SPEECH
    ]


def _voices(name: str, voices: Sequence[Voice]) -> Iterator[Scene]:
    for number, voice in enumerate(voices):
        for level_dbfs in LEVELS_DBFS:
            for echo_db in ECHOES_DB:
                seed = [number, round(-level_dbfs), round(-(echo_db or 0))]
                yield _voice(name, voice, level_dbfs, echo_db, np.random.default_rng(seed), number)


def _voice(
    name: str, voice: Voice, level_dbfs: float, echo_db: float | None, random: Random, number: int
) -> Scene:
    starts_s = BEFORE_S + float(random.uniform(0, 1))
    count = int((starts_s + AFTER_S) * RATE_HZ)
    sound = at_level(coloured(random, count, 0.5), -62.0)
    speech = voice.sound * _gain(voice, level_dbfs)
    first = int((starts_s - voice.starts_s) * RATE_HZ)
    speech = speech[: count - first]
    sound[first : first + len(speech)] += speech
    row = f"{name}, {level_dbfs:g} dBFS, echo {_named(echo_db)}"
    return _scene(row, sound, echo_db, random, number, starts_s)


def _gain(voice: Voice, level_dbfs: float) -> np.float32:
    said = voice.sound[int(voice.starts_s * RATE_HZ) :]
    loud = np.sqrt(np.mean(np.square(said[np.abs(said) > 0.1 * np.abs(said).max()])))
    return np.float32(10 ** (level_dbfs / 20) / loud)


def _backgrounds() -> Iterator[Scene]:
    kinds: dict[str, Callable[[Random, int], Signal]]
    kinds = {"fan": fan, "street": street, "keyboard in a room": room}
    for name, make in kinds.items():
        for level_dbfs in NOISES_DBFS:
            for number, echo_db in enumerate(ECHOES_DB * 2):
                random = np.random.default_rng([number, round(-level_dbfs), len(name)])
                sound = at_level(make(random, int(NOISE_S * RATE_HZ)), level_dbfs)
                yield _scene(name, sound, echo_db, random, number // 2 + number // 4)
    for number, echo_db in enumerate(ECHOES_DB * 4):
        random = np.random.default_rng([number, 7])
        sound = at_level(coloured(random, int(NOISE_S * RATE_HZ), 0.5), -62.0)
        yield _scene(f"nothing, echo {_named(echo_db)}", sound, echo_db, random, number // 4)


def _short_noises() -> Iterator[Scene]:
    for name, make in NOISES.items():
        for number, echo_db in enumerate(ECHOES_DB * 2):
            random = np.random.default_rng([number, len(name), 11])
            sound = at_level(coloured(random, int(NOISE_S * RATE_HZ), 0.5), -62.0)
            for at_s in np.arange(EVERY_S, NOISE_S - EVERY_S, EVERY_S):
                noise = make(random) * np.float32(random.uniform(0.02, 0.3))
                first = int((at_s + random.uniform(0, 1)) * RATE_HZ)
                sound[first : first + len(noise)] += noise[: len(sound) - first]
            yield _scene(f"{name}, every {EVERY_S:g} s", sound, echo_db, random, number // 4)


def _scene(
    row: str,
    sound: Samples,
    echo_db: float | None,
    random: Random,
    number: int,
    starts_s: float | None = None,
) -> Scene:
    played = _reply(len(sound), number)
    is_clean = bool(random.integers(2))
    microphone = _cleaned(sound) if is_clean else sound
    if echo_db is not None:
        microphone = microphone + _echo(played, echo_db, random)
    return Scene(row, microphone, played, starts_s, bool(number % 2))


def _cleaned(sound: Samples) -> Samples:
    """By WebRTC, which is what Chromium and Firefox have inside."""
    whole = len(sound) // (FRAME_BYTES // 2) * (FRAME_BYTES // 2)
    apm = Apm(gain_control=True, cancels_echo=False)
    clean = to_float(apm.near_end(from_float(sound[:whole])))[DELAY_SAMPLES:]
    return np.concatenate((clean, np.zeros(len(sound) - len(clean), np.float32)))


def _reply(count: int, number: int) -> Samples:
    """Replies one after another, half a second apart."""
    parts: list[Samples] = []
    while sum(map(len, parts)) < count:
        parts += [_said(number + len(parts)), np.zeros(RATE_HZ // 2, np.float32)]
    return np.concatenate(parts)[:count]


@cache
def _said(number: int) -> Samples:
    text, voice = REPLIES["en"][number % len(REPLIES["en"])], texts.VOICES["en"]
    sound = np.asarray(say(text, voice[number % len(voice)]).sound, np.float64)
    return at_level(sound, REPLY_DBFS)


def _echo(played: Samples, echo_db: float, random: Random) -> Samples:
    """Through a room, 50 to 250 ms late."""
    response = response_of(random, float(random.uniform(0.2, 0.5)))
    late = int(random.uniform(0.05, 0.25) * RATE_HZ)
    echo = np.zeros(len(played), np.float32)
    echo[late:] = within(played, response)[: len(played) - late] * 10 ** (echo_db / 20)
    return echo


def _named(echo_db: float | None) -> str:
    return "none" if echo_db is None else f"{echo_db:g} dB"
