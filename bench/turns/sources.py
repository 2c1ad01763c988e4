"""What each source of the end of a turn is worth: cut-offs on one side, delay on the other.

`python -m bench.turns.sources [--data DIR] [--smart-turn FILE]`, on the sets of bench/turns:
silence alone, with the words, and with an audio model's opinion too.
"""

from collections.abc import Iterator

from bench.speech.timeline import hear
from bench.turns.rows import Setting, by_row, items, measured, options, percentiles, rate
from voice.audio.smart_turn import Signal, SmartTurn, TurnModel
from voice.turns.endpointing import PATIENCE, Endpointing
from voice.turns.policy import Policy

SILENCES_S = (0.35, 0.6, 0.8, 1.0)


class Remembering:
    """An audio model that is asked once for each pause, whatever the setting."""

    def __init__(self, model: TurnModel) -> None:
        self._model = model
        self._answers: dict[int, float] = {}

    def ends_probability(self, samples: Signal) -> float:
        key = hash(samples.tobytes())
        if key not in self._answers:
            self._answers[key] = self._model.ends_probability(samples)
        return self._answers[key]


def silence_alone(seconds: float) -> Endpointing:
    """As if there were nothing else to go by."""
    shapes = ("finished_s", "statement_s", "pause_s", "unsure_s", "dictated_s", "open_s")
    return Endpointing(**dict.fromkeys(shapes, seconds))


def settings(model: TurnModel | None) -> Iterator[tuple[str, Setting]]:
    for seconds in SILENCES_S:
        yield f"silence alone, {seconds * 1000:.0f} ms", Setting(Policy(silence_alone(seconds)))
    for name, endpointing in PATIENCE.items():
        yield f"words, {name}", Setting(Policy(endpointing))
        if model:
            yield f"words and Smart Turn, {name}", Setting(Policy(endpointing), model)


def main() -> None:
    chosen = options(__doc__).parse_args()
    model = Remembering(SmartTurn(chosen.smart_turn)) if chosen.smart_turn else None
    turns = [item for item in items(chosen) if item.kind in ("complete", "incomplete")]
    for (_, row), of_row in by_row(hear(turns)).items():
        print(f"{row}  (n={len(of_row)})")
        for name, setting in settings(model):
            ends = measured(of_row, setting)
            cut = f"decided {rate(ends.early, ends.count)}  heard {rate(ends.audible, ends.count)}"
            print(f"  {name:34} {cut}  {percentiles(ends.delays_s)}")


if __name__ == "__main__":
    main()
