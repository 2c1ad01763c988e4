"""What sets of speech are spliced from: the recordings, synthetic voices, noises and rooms.

Sound is mono float32 at 16 kHz in [-1, 1]; everything random comes from a generator that is given.
"""

import json
import wave
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voice.audio.resample import Resampler
from voice.providers.tts import espeak

RATE_HZ = 16_000
SPEECH = Path(__file__).parents[2] / "tests/data/speech"
GAP_S = 0.08
"""How far from where it is guessed the gap between two words is looked for."""

Sound = NDArray[np.float32]
Random = np.random.Generator
Word = tuple[str, float, float]
"""A word, where it starts and where it ends, in seconds."""


@dataclass(frozen=True)
class Clip:
    """Speech without silence around it, and its words."""

    sound: Sound
    words: tuple[Word, ...]
    source: str
    """The recording or voice: what must not be on both sides of a hold-out."""
    language: str = "en"

    @property
    def text(self) -> str:
        return " ".join(word for word, _, _ in self.words)

    @property
    def length_s(self) -> float:
        return len(self.sound) / RATE_HZ

    def at(self, speed: float) -> "Clip":
        """Faster or slower, the pitch with it."""
        count = int(len(self.sound) / speed)
        sound = np.interp(np.arange(count) * speed, np.arange(len(self.sound)), self.sound)
        words = tuple((word, start / speed, end / speed) for word, start, end in self.words)
        return replace(self, sound=sound.astype(np.float32), words=words)

    def split(self, count: int) -> tuple["Clip", "Clip"]:
        """Before and after the gap that follows `count` words."""
        at_s = quietest(self.sound, (self.words[count - 1][2] + self.words[count][1]) / 2)
        at = int(at_s * RATE_HZ)
        before = tuple((w, s, min(e, at_s)) for w, s, e in self.words[:count])
        after = tuple((w, max(0.0, s - at_s), e - at_s) for w, s, e in self.words[count:])
        return (
            replace(self, sound=faded(self.sound[:at]), words=before),
            replace(self, sound=faded(self.sound[at:]), words=after),
        )


def quietest(sound: Sound, around_s: float) -> float:
    """The quietest 20 ms nearby: most likely the gap between two words."""
    step = RATE_HZ // 200
    starts = range(
        max(0, int((around_s - GAP_S) * RATE_HZ)),
        min(len(sound) - 4 * step, int((around_s + GAP_S) * RATE_HZ)),
        step,
    )
    best = min(starts, key=lambda at: float(np.square(sound[at : at + 4 * step]).sum()))
    return (best + 2 * step) / RATE_HZ


def faded(sound: Sound, seconds: float = 0.008) -> Sound:
    """Without clicks at its ends."""
    count = min(len(sound) // 2, int(seconds * RATE_HZ))
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    sound = sound.copy()
    sound[:count] *= ramp
    sound[len(sound) - count :] *= ramp[::-1]
    return sound


def spread(text: str, parts: Sequence[tuple[float, float]]) -> tuple[Word, ...]:
    """The words of `text` over these voiced parts, in proportion to their letters."""
    letters = [max(1, sum(map(str.isalnum, word))) for word in text.split()]
    voiced_s = sum(end - start for start, end in parts)
    edges = np.concatenate(([0], np.cumsum(letters))) / max(1, sum(letters)) * voiced_s
    times = [_within(parts, float(edge)) for edge in edges]
    return tuple(zip(text.split(), times[:-1], times[1:], strict=True))


def _within(parts: Sequence[tuple[float, float]], voiced_s: float) -> float:
    for start, end in parts[:-1]:
        if voiced_s <= end - start:
            return start + voiced_s
        voiced_s -= end - start
    return parts[-1][0] + voiced_s


def read(path: Path) -> Sound:
    """A WAV of 16 kHz, mono, 16 bits."""
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE_HZ, 1, 2):
            raise ValueError(f"{path.name} is not 16 kHz, mono, 16 bits")
        pcm = file.readframes(file.getnframes())
    return (np.frombuffer(pcm, "<i2") / 32768).astype(np.float32)


def write(path: Path, sound: Sound) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def recordings() -> list[Clip]:
    """The twenty in tests/data/speech; their words are guessed from their letters."""
    clips = []
    for line in (SPEECH / "labels.jsonl").read_text().splitlines():
        row = json.loads(line)
        start, end = max(0.0, row["start_s"] - 0.05), row["end_s"] + 0.1
        sound = read(SPEECH / row["file"])[int(start * RATE_HZ) : int(end * RATE_HZ)]
        parts = [(row["start_s"] - start, row["end_s"] - start)]
        clips.append(Clip(sound, spread(row["text"], parts), row["file"]))
    return clips


@cache
def say(text: str, voice: str, words_per_minute: int = 165) -> Clip:
    """espeak-ng's; a voice is a language and perhaps a variant: `de`, `en-us+f2`."""
    sound, starts = espeak.THREAD.submit(_say, f"\1{words_per_minute}S{text}", voice).result()
    loud = np.flatnonzero(np.abs(sound) > 0.01)
    first, last = int(loud[0]), int(loud[-1]) + 1
    length_s = (last - first) / RATE_HZ
    words = text.split()
    if len(starts) == len(words):
        edges = [min(max(0.0, start - first / RATE_HZ), length_s) for start in starts]
        timed = tuple(zip(words, edges, [*edges[1:], length_s], strict=True))
    else:
        timed = spread(text, [(0.0, length_s)])
    return Clip(sound[first:last], timed, voice, voice[:2])


def _say(text: str, voice: str) -> tuple[Sound, list[float]]:
    pieces: list[bytes] = []
    starts: list[float] = []

    def heard(pcm: bytes, begun: list[tuple[int, int, float]]) -> bool:
        pieces.append(pcm)
        starts.extend(start_s for _, _, start_s in begun)
        return True

    espeak.synthesise(text, [voice], heard)
    resampler = Resampler(espeak.rate_hz(), RATE_HZ)
    pcm = resampler.feed(b"".join(pieces)) + resampler.flush()
    return (np.frombuffer(pcm, "<i2") / 32768).astype(np.float32), starts


def joined(clips: Iterable[Clip], pauses_s: Sequence[float]) -> Clip:
    """One after the other, with silence between them."""
    sounds: list[Sound] = []
    words: list[Word] = []
    at_s, source, language = 0.0, "", "en"
    for clip, pause_s in zip(clips, [*pauses_s, 0.0], strict=True):
        words += [(word, start + at_s, end + at_s) for word, start, end in clip.words]
        sounds += [clip.sound, np.zeros(int(pause_s * RATE_HZ), np.float32)]
        at_s += clip.length_s + int(pause_s * RATE_HZ) / RATE_HZ
        source, language = source or clip.source, clip.language
    return Clip(np.concatenate(sounds), tuple(words), source, language)


def room(random: Random, reverberation_s: float) -> Sound:
    """The impulse response of a room: the direct sound, some early ones, a tail that dies away."""
    time = np.arange(int(reverberation_s * RATE_HZ)) / RATE_HZ
    tail = random.standard_normal(len(time)) * 10 ** (-3 * time / reverberation_s) * 0.03
    tail[: int(0.004 * RATE_HZ)] = 0
    tail[0] = 1
    for at_s in random.uniform(0.004, 0.04, 6):
        tail[int(at_s * RATE_HZ)] += random.choice([-1, 1]) * random.uniform(0.1, 0.35)
    return tail.astype(np.float32)


def within(sound: Sound, response: Sound) -> Sound:
    """As it sounds in that room, at the level it had."""
    count = len(sound) + len(response) - 1
    size = 1 << (count - 1).bit_length()
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(response, size), size)[: len(sound)]
    peak = float(np.abs(wet).max()) or 1.0
    return (wet / peak * float(np.abs(sound).max())).astype(np.float32)
