"""What the turn machine is told of a recording, and when: VAD and gate as they are, a typical ear.

Virtual time: nothing here sleeps. The ear gives an interim every 200 ms with the text 150 ms after
its sound (a word counts once its middle has been heard), and a final 150 ms after it is asked, or
unasked 150 ms after the last word once 140 ms of silence have been seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bench.speech.sets import Item
from bench.speech.spoken import RATE_HZ, Sound, Word, spread
from voice.audio import vad
from voice.audio.gate import SpeechGate

Probabilities = NDArray[np.float32]

FRAME = vad.FRAME_SAMPLES
FRAME_S = FRAME / RATE_HZ
BATCH = 64
INTERIM_EVERY_S = 0.2
TEXT_AFTER_S = 0.15
FINAL_AFTER_S = 0.15
SPEECH = 0.5
"""Silero's own threshold, by which the ends of speech in the labels are set."""


def probabilities(sounds: Sequence[Sound]) -> list[Probabilities]:
    """Of speech, for each 32 ms of each sound, as the VAD of a session would say."""
    model = vad.load_model()
    order = sorted(range(len(sounds)), key=lambda i: len(sounds[i]))
    results: dict[int, Probabilities] = {}
    for first in range(0, len(order), BATCH):
        chosen = order[first : first + BATCH]
        answers = _run(model, [sounds[i] for i in chosen])
        for row, i in enumerate(chosen):
            results[i] = answers[row, : len(sounds[i]) // FRAME]
    return [results[i] for i in range(len(sounds))]


def _run(model: vad.Model, sounds: Sequence[Sound]) -> Probabilities:
    frames = max(len(sound) for sound in sounds) // FRAME
    padded = np.zeros((len(sounds), vad.CONTEXT_SAMPLES + frames * FRAME), np.float32)
    for row, sound in enumerate(sounds):
        count = min(len(sound), frames * FRAME)
        padded[row, vad.CONTEXT_SAMPLES : vad.CONTEXT_SAMPLES + count] = sound[:count]
    state = np.zeros((2, len(sounds), 128), np.float32)
    answers = []
    for at in range(0, frames * FRAME, FRAME):
        heard, state = model(padded[:, at : at + vad.CONTEXT_SAMPLES + FRAME], state)
        answers.append(heard)
    return np.stack(answers, axis=1)


@dataclass(frozen=True, slots=True)
class Edge:
    """A change of the voice: it began, dipped, rose again or stopped."""

    at: float
    """When it was noticed."""
    since: float
    """When it happened."""
    what: str
    """onset, dip, rise or offset."""


def edges_of(heard: Probabilities) -> list[Edge]:
    """What the gate of a session says of these probabilities."""
    gate = SpeechGate()
    edges = []
    for frame, probability in enumerate(heard):
        edge = gate.feed(float(probability), frame * FRAME)
        if edge is not None:
            what = type(edge).__name__.lower()
            edges.append(Edge((frame + 1) * FRAME_S, edge.sample / RATE_HZ, what))
    return edges


@dataclass(frozen=True)
class Heard:
    """One item with what VAD made of it."""

    item: Item
    edges: tuple[Edge, ...]
    words: tuple[Word, ...]
    starts_s: float
    ends_s: float
    """Of the speech, truly: by the label, else by VAD at 0.5."""
    frames: Probabilities = field(repr=False)

    @property
    def is_heard(self) -> bool:
        return any(edge.what == "onset" for edge in self.edges)

    def text_at(self, now: float, phase_s: float) -> str:
        """What the last interim said. phase_s: when the first comes, below INTERIM_EVERY_S."""
        ticks = int((now - phase_s) / INTERIM_EVERY_S)
        heard_s = phase_s + ticks * INTERIM_EVERY_S - TEXT_AFTER_S
        return self.text_until(heard_s)

    def text_until(self, heard_s: float) -> str:
        return " ".join(word for word, start, end in self.words if (start + end) / 2 <= heard_s)


def hear(items: Sequence[Item]) -> list[Heard]:
    """Run VAD over them all; about 50 µs for each frame of 32 ms."""
    return [
        _heard(item, frames)
        for item, frames in zip(items, probabilities([i.sound for i in items]), strict=True)
    ]


def _heard(item: Item, frames: Probabilities) -> Heard:
    edges = tuple(edges_of(frames))
    loud = np.flatnonzero(frames >= SPEECH)
    starts_s = float(loud[0]) * FRAME_S if len(loud) else 0.0
    ends_s = float(loud[-1] + 1) * FRAME_S if len(loud) else 0.0
    words = item.words
    if words is None:
        words = spread(item.text, _voiced(edges, ends_s) or [(0.0, 1.0)]) if item.text else ()
    return Heard(item, edges, words, starts_s, ends_s if item.end_s is None else item.end_s, frames)


def _voiced(edges: Sequence[Edge], ends_s: float) -> list[tuple[float, float]]:
    """The parts of speech between its pauses."""
    starts = [edge.since for edge in edges if edge.what == "onset"]
    ends = [edge.since for edge in edges if edge.what == "offset"]
    return list(zip(starts, [*ends, ends_s][: len(starts)], strict=True))
