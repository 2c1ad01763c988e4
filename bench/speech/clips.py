"""Labelled recordings of speech, and where in them each word is said."""

import json
import wave
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tests.network.client import SPEECH

RATE_HZ = 16_000
BYTES_PER_S = 2 * RATE_HZ
FRAME = RATE_HZ // 100
"""Samples; 10 ms."""
LOUD = 0.4
"""Of the way from quiet to loud, in decibels."""

Samples: TypeAlias = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    start_s: float
    end_s: float

    @property
    def middle_s(self) -> float:
        return (self.start_s + self.end_s) / 2


@dataclass(frozen=True)
class Clip:
    file: str
    text: str
    start_s: float
    """Of the speech in it."""
    end_s: float
    kind: str
    samples: Samples
    """Mono at RATE_HZ."""

    @property
    def pcm(self) -> bytes:
        return self.samples.astype("<i2").tobytes()

    @cached_property
    def voiced(self) -> NDArray[np.bool_]:
        """For each 10 ms whether somebody speaks, up to the end of speech."""
        found = _is_loud(self.samples)
        first, end = int(self.start_s * 100), min(round(self.end_s * 100), len(found))
        found[:first] = found[end:] = False
        found[first] = True
        found[int(np.flatnonzero(found)[-1]) : end] = True
        return found

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Spread over the voiced part in proportion to their letters."""
        texts = self.text.split()
        places = np.flatnonzero(self.voiced)
        shares = np.cumsum([0] + [max(1, sum(map(str.isalnum, text))) for text in texts])
        edges = shares / shares[-1] * len(places)
        return tuple(
            Word(
                text,
                float(places[int(start)]) / 100,
                float(places[max(int(start), int(np.ceil(end)) - 1)] + 1) / 100,
            )
            for text, start, end in zip(texts, edges, edges[1:], strict=False)
        )


def clips(folder: Path = SPEECH) -> list[Clip]:
    """Every recording in `labels.jsonl` of a folder, in its order. `start_s` may be missing there;
    it is then where the recording gets loud."""
    rows = map(json.loads, (folder / "labels.jsonl").read_text().splitlines())
    return [_clip(folder, row) for row in rows]


def labels() -> list[tuple[str, float, float]]:
    """(file, start of speech, end of speech) of our own recordings, in seconds."""
    return [(clip.file, clip.start_s, clip.end_s) for clip in clips()]


def _clip(folder: Path, row: dict[str, object]) -> Clip:
    samples = _samples(folder / str(row["file"]))
    end_s = float(str(row["end_s"]))
    start_s = float(str(row["start_s"])) if "start_s" in row else _start_s(samples)
    return Clip(
        str(row["file"]), str(row["text"]), start_s, end_s, str(row.get("kind", "")), samples
    )


def _samples(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE_HZ, 1, 2):
            raise ValueError(f"{path.name} is not 16 kHz mono with 16 bits")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.int16)


def _start_s(samples: Samples) -> float:
    """Where it gets loud, and is so for most of the next 100 ms: longer than a click."""
    loud = np.convolve(_is_loud(samples), np.ones(10), "valid") >= 8
    return float(np.argmax(loud)) / 100


def _is_loud(samples: Samples) -> NDArray[np.bool_]:
    """For each 10 ms. Loud is what is well above the quietest tenth of the recording."""
    whole = np.asarray(samples[: len(samples) // FRAME * FRAME], np.float64).reshape(-1, FRAME)
    levels_db = 20 * np.log10(np.sqrt((whole**2).mean(axis=1)) + 1.0)
    quiet, loud = np.percentile(levels_db, [10, 90])
    return np.asarray(levels_db > quiet + (loud - quiet) * LOUD)
