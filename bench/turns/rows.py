"""Turn-taking on labelled speech: false cut-offs, delay, false and missed interruptions.

`python -m bench.turns [--data DIR]`. VAD, gate and the turn machine are the real ones, in virtual
time; the ear is simulated (speech_timeline.py). Without DIR the sets are spliced from the supplied
recordings and synthetic voices; a folder holds 16 kHz WAVs and a `labels.jsonl` (sets.py).
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path

import numpy as np

from bench.speech import sets
from bench.speech.timeline import INTERIM_EVERY_S, Heard, hear
from bench.turns.walks import Walk
from voice.audio.smart_turn import SmartTurn, TurnModel
from voice.turns import actions as do
from voice.turns.endpointing import PATIENCE
from voice.turns.policy import Policy

DRAWS = 1000
"""Of the bootstrap that gives a percentile its interval."""
AT_THE_SPEAKER_S = 0.06
"""Network and playing, from a decision to the user's ears."""
Z = 1.96


def rate(count: int, of: int) -> str:
    """In per cent, with Wilson's 95 % interval."""
    if not of:
        return "-"
    p, n = count / of, of
    middle, half = (
        (p + Z * Z / 2 / n) / (1 + Z * Z / n),
        Z * sqrt(p * (1 - p) / n + Z * Z / 4 / n / n) / (1 + Z * Z / n),
    )
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return f"{100 * p:5.1f} % [{100 * low:4.1f}, {100 * high:4.1f}]"


def percentiles(seconds: Sequence[float]) -> str:
    """Median and 95th in ms, with 95 % intervals by bootstrap."""
    if not seconds:
        return "-"
    values = np.array(seconds) * 1000
    draws = np.random.default_rng(0).choice(values, (DRAWS, len(values)))
    cells = []
    for percent in (50, 95):
        low, high = np.percentile(np.percentile(draws, percent, axis=1), (2.5, 97.5))
        cells.append(f"p{percent} {np.percentile(values, percent):5.0f} [{low:4.0f}, {high:4.0f}]")
    return "  ".join(cells) + " ms"


@dataclass(frozen=True)
class Setting:
    """What is measured."""

    policy: Policy
    model: TurnModel | None = None


def walks(rows: Sequence[Heard], setting: Setting, *, over_reply: bool = False) -> Iterator[Walk]:
    phases = np.random.default_rng(1).uniform(0, INTERIM_EVERY_S, len(rows))
    model = None if over_reply else setting.model
    for heard, phase_s in zip(rows, phases, strict=True):
        yield Walk(heard, setting.policy, over_reply, model, float(phase_s)).run()


@dataclass
class Ends:
    """What became of the ends of turns."""

    count: int = 0
    early: int = 0
    """A turn was taken before its end; often taken back before anything was heard."""
    audible: int = 0
    """A reply was heard before the end."""
    missed: int = 0
    delays_s: list[float] = field(default_factory=list)

    def add(self, walk: Walk) -> None:
        taken = [at for at, did in walk.done if isinstance(did, do.StartReply | do.AdoptReply)]
        last_s = _last_onset(walk.heard)
        final = [at for at in taken if at >= last_s]
        self.count += 1
        self.early += len(final) < len(taken)
        self.audible += any(isinstance(d, do.ReleaseReply) and at < last_s for at, d in walk.done)
        self.missed += not final
        self.delays_s += [at - walk.heard.ends_s for at in final[-1:]]


def measured(heard: Sequence[Heard], setting: Setting) -> Ends:
    ends = Ends()
    for walk in walks(heard, setting):
        ends.add(walk)
    return ends


def ends_of_turns(heard: Sequence[Heard], setting: Setting) -> str:
    ends = measured(heard, setting)
    return (
        f"cut off: decided {rate(ends.early, ends.count)}, heard {rate(ends.audible, ends.count)}"
        f"  missed {rate(ends.missed, ends.count)}\n"
        f"{'':12}end of speech → decision {percentiles(ends.delays_s)}"
    )


def overlaps(heard: Sequence[Heard], setting: Setting) -> str:
    """Interrupted or not, after how long, and how long until the reply is at full level again."""
    stops: list[float] = []
    restores: list[float] = []
    noticed = 0
    for walk in walks(heard, setting, over_reply=True):
        ducked_at = walk.first(do.Duck)
        noticed += ducked_at is not None
        if (stopped_at := walk.first(do.InterruptReply)) is not None:
            stops.append(stopped_at - walk.heard.starts_s + AT_THE_SPEAKER_S)
        else:
            restores += _restored(walk)
    count = len(heard)
    return (
        f"ducked {rate(noticed, count)}  interrupted {rate(len(stops), count)}\n"
        f"{'':12}onset → stopped at the speaker {percentiles(stops)}\n"
        f"{'':12}onset → full level again      {percentiles(restores)}"
    )


def _restored(walk: Walk) -> Iterator[float]:
    """For each sound that ducked the reply: from its onset until the reply was loud again."""
    onsets = [edge.since for edge in walk.heard.edges if edge.what == "onset"]
    ducks = [at for at, did in walk.done if isinstance(did, do.Duck)]
    for at in ducks:
        loud_at = walk.first(do.Unduck, after=at)
        began = max((onset for onset in onsets if onset <= at), default=at)
        if loud_at is not None:
            yield loud_at - began + AT_THE_SPEAKER_S


def _last_onset(heard: Heard) -> float:
    """When it was noticed that the last piece of speech had begun."""
    pieces = [edge for edge in heard.edges if edge.what == "onset" and edge.since < heard.ends_s]
    return pieces[-1].at if pieces else 0.0


MEASURES: dict[str, Callable[[Sequence[Heard], Setting], str]] = {
    "complete": ends_of_turns,
    "incomplete": ends_of_turns,
    "interruption": overlaps,
    "backchannel": overlaps,
    "noise": overlaps,
}


def report(heard: Sequence[Heard], setting: Setting) -> None:
    rows = by_row(heard)
    noises = [one for one in heard if one.item.kind == "noise"]
    if noises:
        rows["noise", "noise, all"] = noises
    for (kind, row), of_row in rows.items():
        print(f"{row}  (n={len(of_row)})\n{'':12}{MEASURES[kind](of_row, setting)}")


def by_row(heard: Iterable[Heard]) -> dict[tuple[str, str], list[Heard]]:
    rows: dict[tuple[str, str], list[Heard]] = defaultdict(list)
    for one in heard:
        rows[one.item.kind, one.item.row].append(one)
    return rows


def options(about: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--data", type=Path, help="a folder with labels.jsonl")
    parser.add_argument("--held-out", action="store_true", help="only what nothing was tuned on")
    parser.add_argument("--smart-turn", type=Path, help="smart-turn-v3.2-cpu.onnx: use it too")
    parser.add_argument("--patience", choices=PATIENCE, default="quick", help="as of an agent")
    return parser


def items(chosen: argparse.Namespace) -> list[sets.Item]:
    every = sets.load(chosen.data) if chosen.data else sets.build()
    return [item for item in every if item.is_held_out or not chosen.held_out]


def main() -> None:
    chosen = options(__doc__).parse_args()
    model = SmartTurn(chosen.smart_turn) if chosen.smart_turn else None
    policy = Policy(PATIENCE[chosen.patience])
    report(hear(items(chosen)), Setting(policy, model))


if __name__ == "__main__":
    main()
