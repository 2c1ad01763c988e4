"""What a microphone is made to hear: recordings of tests/data/speech, one after another."""

import json
import wave
from dataclasses import dataclass
from pathlib import Path

SPEECH = Path(__file__).parents[1] / "data/speech"
RATE_HZ = 16_000


@dataclass(frozen=True)
class Recording:
    path: Path
    start_s: float
    """Where in the file the speech begins."""
    end_s: float

    @classmethod
    def named(cls, name: str) -> "Recording":
        lines = (SPEECH / "labels.jsonl").read_text().splitlines()
        label = next(label for label in map(json.loads, lines) if label["file"] == name)
        return cls(SPEECH / name, label["start_s"], label["end_s"])

    def samples(self) -> bytes:
        with wave.open(str(self.path)) as file:
            return file.readframes(file.getnframes())


def write(path: Path, *parts: bytes) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        for part in parts:
            file.writeframes(part)
    return path


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE_HZ))
