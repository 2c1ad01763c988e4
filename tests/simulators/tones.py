"""A language for machines: each word of a small vocabulary is a tone of its own, so that what was
said, heard, lost or said twice can be read off the sound. Pure.
"""

import numpy as np

# fmt: off
VOCABULARY = (
    "able", "acid", "aged", "also", "area", "army", "away", "baby", "back", "ball", "band", "bank",
    "base", "bath", "bear", "beat", "bell", "belt", "best", "bird", "blow", "blue", "boat", "body",
    "bomb", "bond", "bone", "book", "boom", "born", "boss", "both", "bowl", "bulk", "burn", "bush",
    "busy", "cake", "call", "calm", "camp", "card", "care", "case", "cash", "cast", "cell", "chat",
)
# fmt: on
FIRST_HZ, STEP_HZ = 400, 50
GAP_S = 0.04
"""Silence after each word."""
WHOLE = 0.85
"""Of its length: what is shorter is a fragment, and no word."""
LOUD = 0.05
FRAME_S = 0.005


def word_s(word: str) -> float:
    """How long a word takes, without the gap after it: 120 to 240 ms."""
    return 0.12 + 0.03 * (VOCABULARY.index(_known(word)) % 5)


def sound(text: str, rate_hz: int) -> tuple[bytes, list[tuple[str, float]]]:
    """Signed 16-bit PCM, and (word, start in seconds) for each word. Words that are not in the
    vocabulary sound like some word that is."""
    pieces, starts, at_s = [], [], 0.0
    for word in text.split():
        starts.append((word, at_s))
        pieces.append(_tone(word, rate_hz))
        at_s += len(pieces[-1]) / rate_hz
    samples = np.concatenate(pieces) if pieces else np.zeros(0)
    return (samples * 32767).astype("<i2").tobytes(), starts


def words(pcm: bytes, rate_hz: int) -> list[str]:
    """The words in this sound, fragments left out."""
    samples = np.frombuffer(pcm, "<i2") / 32767
    bursts = [samples[start:end] for start, end in _bursts(samples, rate_hz)]
    found = [(_recognise(burst, rate_hz), len(burst) / rate_hz) for burst in bursts]
    return [word for word, length_s in found if length_s >= WHOLE * word_s(word)]


def _bursts(samples: np.ndarray, rate_hz: int) -> list[tuple[int, int]]:
    """(first sample, the one behind the last) of what is loud."""
    frame = int(FRAME_S * rate_hz)
    loud = np.abs(samples[: len(samples) // frame * frame].reshape(-1, frame)).max(axis=1) > LOUD
    edges = np.flatnonzero(np.diff(np.concatenate(([0], loud.astype(np.int8), [0]))))
    return [(start * frame, end * frame) for start, end in edges.reshape(-1, 2)]


def _tone(word: str, rate_hz: int) -> np.ndarray:
    word = _known(word)
    hz = FIRST_HZ + STEP_HZ * VOCABULARY.index(word)
    t = np.arange(round(word_s(word) * rate_hz)) / rate_hz
    return np.concatenate((0.5 * np.sin(2 * np.pi * hz * t), np.zeros(round(GAP_S * rate_hz))))


def _recognise(samples: np.ndarray, rate_hz: int) -> str:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), n=rate_hz))
    hz = int(np.argmax(spectrum[:4000]))
    index = round((hz - FIRST_HZ) / STEP_HZ)
    return VOCABULARY[min(max(index, 0), len(VOCABULARY) - 1)]


def _known(word: str) -> str:
    plain = "".join(letter for letter in word.lower() if letter.isalpha())
    return plain if plain in VOCABULARY else VOCABULARY[sum(word.encode()) % len(VOCABULARY)]
