"""Does an open speaker make the assistant talk to itself?

Replies fed back into the microphone at -6, -10 and -20 dB, 50 to 250 ms late, through three made
rooms, with a clock that is 100 ppm off and, in every third reply, a jump of ±60 ms; then the same
with somebody talking over each. Virtual time, real VAD, canceller, echo guard and rules; the ear is
simulated, and hears the echo with a third of its words wrong. Offline.
Usage: python -m bench.echo [--quick] [--only NAME]
"""

import argparse
import time

from bench.echo.call import Call
from bench.echo.case import Defence, Outcome, Setting
from bench.echo.room import ROOMS
from bench.figures import percentile
from voice.audio.vad import Model, load_model

DEFENCES = (
    Defence("nothing"),
    Defence("guard", guard=True),
    Defence("text", text=True),
    Defence("canceller", canceller=True),
    Defence("guard, text", guard=True, text=True),
    Defence("canceller, text", canceller=True, text=True),
    Defence("all", switches=True, guard=True, text=True),
)
GAINS_DB = (-6.0, -10.0, -20.0)
DELAYS_S = (0.05, 0.15, 0.25)
REPLIES, QUICK_REPLIES = 12, 4
"""Per room and loudness."""


def settings(replies: int, *, is_interrupted: bool) -> list[Setting]:
    combinations = [(room, gain_db) for room in ROOMS for gain_db in GAINS_DB]
    return [
        Setting(room, gain_db, DELAYS_S[(index + index // 3) % 3], index, replies, is_interrupted)
        for index, (room, gain_db) in enumerate(combinations)
    ]


def measure(defence: Defence, replies: int, model: Model) -> tuple[Outcome, Outcome]:
    """Without anybody talking over replies, and with."""
    alone, talked_over = Outcome(), Outcome()
    for each in settings(replies, is_interrupted=False):
        alone.add(Call(each, defence, model).run())
    for each in settings(replies, is_interrupted=True):
        talked_over.add(Call(each, defence, model).run())
    return alone, talked_over


def row(name: str, alone: Outcome, over: Outcome) -> str:
    per_100 = 100 / max(1, alone.replies)
    missed = over.interruptions - len(over.stopped_s)
    return (
        f"{name:<18}{alone.false_interruptions * per_100:9.1f}{alone.false_turns * per_100:8.1f}"
        f"{alone.false_ducks * per_100:8.1f}   (n={alone.replies})"
        f"{100 * missed / max(1, over.interruptions):9.1f} %"
        f"{_times(over.noticed_s)}{_times(over.stopped_s)}   (n={over.interruptions})"
    )


def _times(seconds: list[float]) -> str:
    if not seconds:
        return f"{'-':>14}"
    ms = [1000 * value for value in seconds]
    return f"{percentile(ms, 50):8.0f} /{percentile(ms, 95):5.0f}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    replies = QUICK_REPLIES if arguments.quick else REPLIES
    model = load_model()
    began = time.monotonic()
    print(
        "of 100 replies:   interrupted   turns   ducks            of interruptions: missed"
        "   ducked p50/p95  stopped p50/p95, ms"
    )
    for defence in DEFENCES:
        if arguments.only in ("", defence.name):
            print(row(defence.name, *measure(defence, replies, model)), flush=True)
    for defence in () if arguments.only else (DEFENCES[0], DEFENCES[-1]):
        print(row(f"no echo, {defence.name}", *_without_echo(defence, replies, model)), flush=True)
    print(f"{time.monotonic() - began:.0f} s")


def _without_echo(defence: Defence, replies: int, model: Model) -> tuple[Outcome, Outcome]:
    """What interrupting takes where nothing comes back."""
    outcomes = Outcome(), Outcome()
    for outcome, is_interrupted in zip(outcomes, (False, True), strict=True):
        for seed in range(len(ROOMS)):
            each = Setting("living", None, 0.0, seed, replies, is_interrupted)
            outcome.add(Call(each, defence, model).run())
    return outcomes


if __name__ == "__main__":
    main()
