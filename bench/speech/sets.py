"""Sets of labelled speech to measure turn-taking on, spliced from the clips: 160 items a row.

`python -m bench.speech.sets DIR` writes them as WAVs with a `labels.jsonl`. A folder of one's own
needs `file`, `end_s`, `text` and `kind` in each label; the rest has defaults.
"""

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.speech import texts
from bench.speech.noises import NOISES
from bench.speech.spoken import (
    RATE_HZ,
    SPEECH,
    Clip,
    Random,
    Sound,
    Word,
    joined,
    read,
    recordings,
    room,
    say,
    within,
    write,
)

SEED = 4
LEAD_S, TAIL_S = 0.5, 2.6
"""Background before and after: the longest pause that can be decided on, and a little."""
BACKGROUND = 3e-4
"""RMS: -70 dB, a quiet room."""
PAUSE_S_MIN, PAUSE_S_MAX = 0.3, 1.5
ROW_ITEMS = 160
PAUSED_ITEMS = 640
"""Where chance decides twice, where somebody pauses and for how long."""


@dataclass(frozen=True)
class Item:
    name: str
    row: str
    """What it is counted under."""
    kind: str
    """complete, incomplete (a pause inside), backchannel, interruption or noise."""
    sound: Sound
    text: str
    end_s: float | None = None
    """Of the speech, where it is known better than by VAD."""
    words: tuple[Word, ...] | None = None
    language: str = "en"
    is_held_out: bool = False
    """From a recording or voice that nothing was tuned on."""


def build(seed: int = SEED) -> list[Item]:
    """All rows. The same for the same seed, but for what is random in espeak itself."""
    random = np.random.default_rng(seed)
    rows = [*_complete(random), *_incomplete(random), *_short(random), *_over_a_reply(random)]
    return [item for row in rows for item in row]


def load(folder: Path) -> list[Item]:
    """A folder of labelled WAVs. Its rows are its kinds unless the labels say otherwise."""
    items = []
    for line in (folder / "labels.jsonl").read_text().splitlines():
        row = json.loads(line)
        words = row.get("words")
        items.append(
            Item(
                row["file"],
                row.get("row", row["kind"]),
                row["kind"],
                _with_tail(read(folder / row["file"])),
                row["text"],
                row.get("end_s"),
                tuple(map(tuple, words)) if words else None,
                row.get("language", "en"),
                row.get("is_held_out", False),
            )
        )
    return items


def _with_tail(sound: Sound) -> Sound:
    """Recordings may end with their last word."""
    tail = np.random.default_rng(0).standard_normal(int(TAIL_S * RATE_HZ)) * BACKGROUND
    return np.concatenate((sound, tail.astype(np.float32)))


def save(items: Sequence[Item], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "labels.jsonl").open("w") as labels:
        for number, item in enumerate(items):
            file = f"{item.kind}_{number:04}.wav"
            write(folder / file, item.sound)
            row = {"file": file, "end_s": item.end_s, "text": item.text, "kind": item.kind}
            row |= {"row": item.row, "language": item.language, "is_held_out": item.is_held_out}
            labels.write(json.dumps(row | ({"words": item.words} if item.words else {})) + "\n")


# --- rows -----------------------------------------------------------------------------------------
Row = Iterator[Item]


def _complete(random: Random) -> list[Row]:
    real = [clip.at(speed) for clip in recordings() for speed in (1.0, 0.9, 1.1)]
    spoken = [say(text, voice, rate) for text, voice, rate in _spoken(random, texts.SENTENCES)]
    return [
        _row("complete, recordings", "complete", _repeated(real, random)),
        _row("complete, voices", "complete", spoken),
    ]


def _incomplete(random: Random) -> list[Row]:
    real = recordings()
    spoken = [say(text, voice, rate) for text, voice, rate in _spoken(random, texts.SENTENCES)]
    return [
        _row("cut at a word gap, recordings", "incomplete", _cuts(real, random, PAUSED_ITEMS)),
        _row("cut at a word gap, voices", "incomplete", _cuts(spoken, random, ROW_ITEMS)),
        _row("two turns joined, recordings", "incomplete", _pairs(real, random)),
        _row("hesitations, voices", "incomplete", _hesitations(random, PAUSED_ITEMS)),
    ]


def _short(random: Random) -> list[Row]:
    answers = [say(text, voice, rate) for text, voice, rate in _spoken(random, texts.ANSWERS)]
    return [_row("one-word answers, voices", "complete", answers)]


def _over_a_reply(random: Random) -> list[Row]:
    real = [clip.at(speed) for clip in recordings() for speed in (1.0, 0.9, 1.1)]
    wants = [say(text, voice, rate) for text, voice, rate in _spoken(random, texts.INTERRUPTIONS)]
    backs = [say(text, voice, rate) for text, voice, rate in _spoken(random, texts.BACKCHANNELS)]
    sounds = [
        (name, Clip(make(random) * np.float32(random.uniform(0.05, 0.6)), (), str(number % 2)))
        for number in range(ROW_ITEMS // 4)
        for name, make in NOISES.items()
    ]
    return [
        _row("interruptions, recordings", "interruption", _repeated(real, random)),
        _row("interruptions, voices", "interruption", wants),
        _row("back-channels, voices", "backchannel", backs),
        *(
            _row(f"noise: {name}", "noise", [clip for of, clip in sounds if of == name])
            for name in NOISES
        ),
    ]


def _repeated(clips: Sequence[Clip], random: Random) -> list[Clip]:
    picks = random.permutation(-(-ROW_ITEMS // len(clips)) * len(clips))[:ROW_ITEMS]
    return [clips[pick % len(clips)] for pick in picks]


def _spoken(
    random: Random, by_language: dict[str, tuple[str, ...]], count: int = ROW_ITEMS
) -> list[tuple[str, str, int]]:
    """(text, voice, words a minute): English three times as often as each other language."""
    weighted = [("en", text) for text in by_language["en"]] * 3
    weighted += [(code, text) for code, all_of in by_language.items() for text in all_of]
    picked = [weighted[pick] for pick in random.integers(len(weighted), size=count)]
    return [
        (text, str(random.choice(texts.VOICES[code])), int(random.integers(130, 200)))
        for code, text in picked
    ]


def _cuts(clips: Sequence[Clip], random: Random, count: int) -> Iterator[Clip]:
    long = [clip for clip in clips if len(clip.words) > 3]
    for number in range(count):
        clip = long[number % len(long)]
        halves = clip.split(int(random.integers(1, len(clip.words) - 1)))
        yield joined(halves, [_pause_s(random)])


def _pairs(clips: Sequence[Clip], random: Random) -> Iterator[Clip]:
    """Two turns of one speaker and of one side of the hold-out."""
    for number in range(ROW_ITEMS):
        first = clips[number % len(clips)]
        others = [c for c in clips if c is not first and _side(c) == _side(first)]
        others = [c for c in others if c.source[:4] == first.source[:4]]
        yield joined([first, others[random.integers(len(others))]], [_pause_s(random)])


def _hesitations(random: Random, count: int) -> Iterator[Clip]:
    """Written with a bar where somebody stops to think."""
    for text, voice, rate in _spoken(random, texts.HESITATIONS, count):
        pieces = [say(piece.strip(), voice, rate) for piece in text.split("|")]
        yield joined(pieces, [_pause_s(random) for _ in pieces[1:]])


def _pause_s(random: Random) -> float:
    return float(random.uniform(PAUSE_S_MIN, PAUSE_S_MAX))


def _row(name: str, kind: str, clips: Sequence[Clip] | Iterator[Clip]) -> Row:
    """Each item is recorded by chance of its own: a voice that takes a little longer, as espeak's
    does from run to run, must not change what follows."""
    for number, clip in enumerate(clips):
        random = np.random.default_rng([SEED, zlib.crc32(name.encode()), number])
        sound, lead_s = _recorded(clip.sound, random)
        words = tuple((word, start + lead_s, end + lead_s) for word, start, end in clip.words)
        yield Item(
            f"{name} {number}",
            name,
            kind,
            sound,
            clip.text,
            words=words,
            language=clip.language,
            is_held_out=_side(clip),
        )


def _side(clip: Clip) -> bool:
    """Whether it is held out: every other recording, voice or noise."""
    return bool(sum(map(ord, clip.source)) % 2)


def _recorded(sound: Sound, random: Random) -> tuple[Sound, float]:
    """With background around and under it; in a room every other time, softer at times. Starts at a
    random moment of a frame."""
    if random.random() < 0.5:
        sound = within(sound, room(random, float(random.uniform(0.15, 0.6))))
    peak = max(1e-3, float(np.abs(sound).max()))
    sound = sound * np.float32(random.uniform(0.15, 0.9) / peak if peak > 0.3 else 1.0)
    lead = int((LEAD_S + random.uniform(0, 0.1)) * RATE_HZ)
    whole = random.standard_normal(lead + len(sound) + int(TAIL_S * RATE_HZ)) * BACKGROUND
    whole[lead : lead + len(sound)] += sound
    return whole.astype(np.float32), lead / RATE_HZ


def supplied() -> list[Item]:
    """The twenty recordings as they are."""
    return load(SPEECH)


if __name__ == "__main__":
    save(build(), Path(sys.argv[1]))
