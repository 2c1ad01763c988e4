"""How well speech is found in noise, and noise left alone: clean-up, VAD, crowd and gate, offline.

Recordings are mixed with fan, street and babble at 20, 10 and 5 dB; then each noise plays alone.
A turn is missed when the gate is open for less than half of it. Babble is talk: nobody can say that
it is none, so what counts there is that turns are found in it and end. Every figure comes three
times: without clean-up, with it, and with it and `voice.audio.crowd`.

Usage: python -m bench.noise [--data DIR] [--items 160] [--minutes 10] [--seed 0]
DIR holds WAVs at 16 kHz and labels.jsonl: {"file", "start_s"?, "end_s", "text", "kind"}.
"""

import argparse
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.figures import percentile
from bench.speech.backgrounds import RATE_HZ
from bench.speech.clips import Clip, clips
from bench.speech.in_noise import Turn, alone, from_first_sound, turns
from bench.speech.timeline import probabilities
from tests.network.client import SPEECH
from voice.audio.cleanup import Cleanup
from voice.audio.crowd import Crowd
from voice.audio.gate import Offset, Onset, SpeechGate
from voice.audio.pcm import Samples, from_float, to_float
from voice.audio.vad import FRAME_SAMPLES

FRAME_S = FRAME_SAMPLES / RATE_HZ
SNRS_DB = (20, 10, 5)
NOISE_DBFS = (-50.0, -40.0, -30.0, -20.0)
"""Of noise alone: from a quiet room to a loud one."""
WINDOW_S = 10.0
"""Noise alone is judged in pieces of this length."""
WAYS = ("off", "on", "on, crowd")


@dataclass(frozen=True, slots=True)
class Spell:
    """The gate was open."""

    decided_s: float
    starts_s: float
    ends_s: float

    @property
    def windows(self) -> range:
        """Of WINDOW_S, in which it was."""
        return range(int(self.starts_s / WINDOW_S), math.ceil(self.ends_s / WINDOW_S))


def spells(heard: Sequence[float], levels: Sequence[float] | None) -> list[Spell]:
    """levels: in dBFS for each frame; None: without a crowd."""
    gate, crowd, found = SpeechGate(), Crowd(), list[Spell]()
    for index, probability in enumerate(heard):
        if levels is not None:
            probability = crowd.heard(probability, levels[index])
        edge = gate.feed(float(probability), index * FRAME_SAMPLES)
        if isinstance(edge, Onset):
            found.append(Spell((index + 1) * FRAME_S, edge.sample / RATE_HZ, len(heard) * FRAME_S))
        elif isinstance(edge, Offset):
            began = found.pop()
            found.append(Spell(began.decided_s, began.starts_s, edge.sample / RATE_HZ))
    return found


def three_ways(sounds: Sequence[Samples]) -> Iterator[tuple[str, list[list[Spell]]]]:
    """Without clean-up, with it, and with a crowd to leave out; the spells of each sound."""
    yield WAYS[0], [spells(heard.tolist(), None) for heard in probabilities(sounds)]
    clean = [cleaned(sound) for sound in sounds]
    heard = [of_one.tolist() for of_one in probabilities(clean)]
    yield WAYS[1], [spells(of_one, None) for of_one in heard]
    levels = [frame_levels(sound) for sound in clean]
    yield WAYS[2], [spells(*of_one) for of_one in zip(heard, levels, strict=True)]


def cleaned(sound: Samples) -> Samples:
    cleanup, pcm = Cleanup(), from_float(sound)
    seconds = range(0, len(pcm), 2 * RATE_HZ)
    return to_float(b"".join(cleanup.process(pcm[at : at + 2 * RATE_HZ]) for at in seconds))


def frame_levels(sound: Samples) -> list[float]:
    frames = sound[: len(sound) // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    return [float(level) for level in 10 * np.log10(np.mean(np.square(frames), axis=1) + 1e-10)]


def report_turns(name: str, made: Sequence[Turn]) -> None:
    for way, found in three_ways([turn.sound for turn in made]):
        pairs = list(zip(made, found, strict=True))
        missed = sum(is_missed(turn, heard) for turn, heard in pairs)
        before = sum(any(s.starts_s < t.starts_s - 0.3 < s.ends_s for s in h) for t, h in pairs)
        endless = sum(any(s.starts_s < t.ends_s < s.ends_s - 1 for s in h) for t, h in pairs)
        onsets = [ms for turn, heard in pairs for ms in onset_ms(turn, heard)]
        offsets = [ms for turn, heard in pairs for ms in offset_ms(turn, heard)]
        low, high = wilson(missed, len(made))
        print(
            f"{name:<12} {way:<10} missed {missed / len(made):6.1%} ({low:4.1%}-{high:5.1%})"
            f"  open before {before / len(made):4.0%}  1 s after {endless / len(made):4.0%}"
            f"  onset seen p50 {percentile(onsets or [0], 50):4.0f} p95"
            f" {percentile(onsets or [0], 95):4.0f} ms  end off by p50"
            f" {percentile(offsets or [0], 50):4.0f} p5 {percentile(offsets or [0], 5):5.0f} p95"
            f" {percentile(offsets or [0], 95):4.0f} ms  (n={len(made)})",
            flush=True,
        )


def is_missed(turn: Turn, heard: Sequence[Spell]) -> bool:
    overlaps = (min(turn.ends_s, s.ends_s) - max(turn.starts_s, s.starts_s) for s in heard)
    return sum(max(0.0, overlap) for overlap in overlaps) < (turn.ends_s - turn.starts_s) / 2


def onset_ms(turn: Turn, heard: Sequence[Spell]) -> list[float]:
    """After its first sound the turn was known to have begun; nothing where it was open before."""
    first = next((s for s in heard if s.ends_s > turn.starts_s), None)
    if first is None or first.starts_s < turn.starts_s - 0.3 or first.starts_s > turn.ends_s:
        return []
    return [1000 * (first.decided_s - turn.starts_s)]


def offset_ms(turn: Turn, heard: Sequence[Spell]) -> list[float]:
    """How much later than its last sound the turn is said to have ended."""
    of_turn = [s for s in heard if s.starts_s < turn.ends_s and s.ends_s > turn.starts_s]
    return [1000 * (of_turn[-1].ends_s - turn.ends_s)] if of_turn else []


def report_alone(kind: str, minutes: float, spoken: Sequence[Clip], seed: int) -> None:
    sounds = [alone(kind, level_dbfs, 60 * minutes, spoken, seed) for level_dbfs in NOISE_DBFS]
    for way, found in three_ways(sounds):
        windows = len(sounds) * math.ceil(minutes * 60 / WINDOW_S)
        hit = len({(i, w) for i, heard in enumerate(found) for s in heard for w in s.windows})
        low, high = wilson(hit, windows)
        open_s = sum(s.ends_s - s.starts_s for h in found for s in h)
        print(
            f"{kind:<12} {way:<10} onsets in {minutes:g} min at"
            f" {', '.join(f'{d:g}: {len(h)}' for d, h in zip(NOISE_DBFS, found, strict=True))}"
            f"  open {open_s / (minutes * 60 * len(sounds)):6.1%}  of windows of {WINDOW_S:g} s"
            f" {hit / windows:5.1%} ({low:4.1%}-{high:4.1%}, n={windows})",
            flush=True,
        )


def wilson(hits: int, count: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, z = hits / count, 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return max(0.0, middle - half), min(1.0, middle + half)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.noise")
    parser.add_argument("--data", type=Path, default=SPEECH)
    parser.add_argument("--items", type=int, default=160)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    spoken = from_first_sound([clip for clip in clips(asked.data) if clip.text])
    began, count, seed = time.monotonic(), asked.items, asked.seed
    report_turns("quiet", turns(spoken, "quiet", 45, count, seed))
    for kind in ("fan", "street", "babble"):
        for snr_db in SNRS_DB:
            report_turns(f"{kind} {snr_db} dB", turns(spoken, kind, snr_db, count, seed))
    for kind in ("fan", "street", "room", "babble"):
        report_alone(kind, asked.minutes, spoken, seed)
    print(f"in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
