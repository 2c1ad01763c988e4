"""Does an open speaker make the assistant talk to itself?

Replies fed back into the microphone at -6, -10 and -20 dB, 50 to 250 ms late, through three made
rooms, with a clock that is 100 ppm off and, in every third reply, a jump of ±60 ms; then the same
with somebody talking over each. Whole sessions in virtual time with the real VAD, clean-up, echo
guard and rules; the ear is simulated, and hears the echo with a third of its words wrong. Offline.
Usage: python -m bench.echo [--quick] [--only NAME] [--jobs N]
"""

import argparse
import os
import secrets
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import cache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_hex())

import django

django.setup()

from bench.echo.call import play  # noqa: E402
from bench.echo.case import Outcome, Setting, SetUp  # noqa: E402
from bench.echo.room import ROOMS  # noqa: E402
from bench.figures import percentile  # noqa: E402
from voice.audio.vad import Model, load_model  # noqa: E402

SET_UPS = (
    SetUp("as it is set up"),
    SetUp("with ECHO_CANCELLER", cancels_echo=True),
    SetUp("an ear that is sent speech only", speech_only=True),
    SetUp("an ear deaf to echo (offline)", hears_echo=False, speech_only=True),
    SetUp("a client without positions", reports_positions=False),
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


def without_echo(replies: int, *, is_interrupted: bool) -> list[Setting]:
    return [Setting("living", None, 0.0, seed, replies, is_interrupted) for seed in range(3)]


def row(name: str, alone: Outcome, over: Outcome) -> str:
    per_100 = 100 / max(1, alone.replies)
    missed = over.interruptions - len(over.stopped_s)
    lost = over.interruptions - over.heard_turns
    return (
        f"{name:<34}{alone.false_interruptions * per_100:8.1f}{alone.false_turns * per_100:7.1f}"
        f"{alone.false_ducks * per_100:7.1f}   (n={alone.replies})"
        f"{over.false_interruptions + over.false_turns:7}"
        f"{100 * missed / max(1, over.interruptions):8.1f} %{lost:5}"
        f"{_times(over.noticed_s)}{_times(over.stopped_s)}   (n={over.interruptions})"
    )


def _times(seconds: list[float]) -> str:
    if not seconds:
        return f"{'-':>14}"
    ms = [1000 * value for value in seconds]
    return f"{percentile(ms, 50):8.0f} /{percentile(ms, 95):5.0f}"


HEAD = (
    f"{'of 100 replies':<34}{'cut':>8}{'turns':>7}{'ducks':>7}"
    f"          talked over: false {'missed':>6}{'lost':>7}"
    f"{'soft p50/p95':>15}{'silent p50/p95, ms':>20}"
)


@cache
def _model() -> Model:
    """One per process."""
    return load_model()


def _played(setting: Setting, set_up: SetUp) -> Outcome:
    return play(setting, set_up, _model())


def _sum(outcomes: Iterable[Outcome]) -> Outcome:
    total = Outcome()
    for outcome in outcomes:
        total.add(outcome)
    return total


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="", help="what a row's name begins with")
    parser.add_argument("--jobs", type=int, default=1)
    chosen = parser.parse_args()
    replies = QUICK_REPLIES if chosen.quick else REPLIES
    began = time.monotonic()
    rows = [(set_up.name, set_up, settings) for set_up in SET_UPS]
    rows.append(("no echo", SET_UPS[0], without_echo))
    print(HEAD)
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for name, set_up, make in rows:
            if not name.startswith(chosen.only):
                continue
            alone, over = (
                _sum(pool.map(_played, calls, [set_up] * len(calls)))
                for calls in (make(replies, is_interrupted=n) for n in (False, True))
            )
            print(row(name, alone, over), flush=True)
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
