"""The recordings of tests/data/speech, with what is known about them, and sounds that are none."""

import json
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from voice.audio.pcm import Samples

FOLDER = Path(__file__).resolve().parents[2] / "data" / "speech"
RATE_HZ = 16_000


@dataclass(frozen=True, slots=True)
class Recording:
    name: str
    pcm: bytes
    start_s: float
    end_s: float
    text: str


@cache
def recordings() -> tuple[Recording, ...]:
    lines = (FOLDER / "labels.jsonl").read_text().splitlines()
    return tuple(_recording(json.loads(line)) for line in lines)


def _recording(label: dict[str, object]) -> Recording:
    with wave.open(str(FOLDER / str(label["file"]))) as file:
        pcm = file.readframes(file.getnframes())
    return Recording(
        name=str(label["file"]),
        pcm=pcm,
        start_s=float(str(label["start_s"])),
        end_s=float(str(label["end_s"])),
        text=str(label["text"]),
    )


def noise(colour: str, level_dbfs: float, seconds: float, *, seed: int = 7) -> Samples:
    """white, pink, brown: random with a spectrum that falls by 0, 3, 6 dB an octave. hum: mains and
    its overtones. clicks: two short ones a second."""
    count = round(seconds * RATE_HZ)
    random = np.random.default_rng(seed)
    if colour == "hum":
        time = np.arange(count) / RATE_HZ
        signal = sum(np.sin(2 * np.pi * 50 * n * time) / n for n in (1, 2, 3, 5))
    elif colour == "clicks":
        signal = np.zeros(count)
        for at in random.integers(0, count - 40, round(2 * seconds)):
            signal[at : at + 40] = random.standard_normal(40) * np.exp(-np.arange(40) / 8)
        return np.asarray(signal / np.abs(signal).max() * 10 ** (level_dbfs / 20), np.float32)
    else:
        spectrum = np.fft.rfft(random.standard_normal(count))
        fall = {"white": 0.0, "pink": 0.5, "brown": 1.0}[colour]
        spectrum /= np.maximum(np.arange(len(spectrum)), 1) ** fall
        signal = np.fft.irfft(spectrum, count)
    rms = np.sqrt(np.mean(np.square(signal)))
    return np.asarray(signal / rms * 10 ** (level_dbfs / 20), np.float32)
