"""Random conversations on a virtual clock: what must hold, held in how many of them.

Each is a whole session with a random user, random timings of the providers and random failures
(tests/scenarios/walk.py); tests/scenarios/invariants.py says what must hold. A conversation in
which something did not is printed with its seed and its flight record, for `manage.py replay`.
Usage: python -m bench.walks [conversations] [first seed]
"""

import os
import random
import secrets
import sys
import time
import traceback
from collections import Counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
os.environ.setdefault("SECRET_KEY", secrets.token_hex())

import django

django.setup()

from tests.scenarios.call import play_into  # noqa: E402
from tests.scenarios.invariants import breaches  # noqa: E402
from tests.scenarios.rows import Rows  # noqa: E402
from tests.scenarios.seen import Seen  # noqa: E402
from tests.scenarios.walk import Walk  # noqa: E402

SHOWN_EVERY = 1000


def walk(seed: int, counts: Counter[str]) -> bool:
    """Whether all held."""
    random.seed(seed)  # back-off is random
    timeline = Walk(seed).timeline()
    seen = Seen(timeline, Rows(timeline.database, timeline.greeting))
    try:
        play_into(seen)
        found = breaches(seen)
    except Exception:
        found = [traceback.format_exc()]
    counts.update(_happened(seen))
    if found:
        print(f"\nseed {seed}", *found, seen.report(), sep="\n", flush=True)
    return not found


def _happened(seen: Seen) -> Counter[str]:
    """So that it can be told whether anything did."""
    metrics = seen.of("turn_metrics", final=False)
    sources = (message["source"] for message in seen.of("reply_started"))
    return Counter(sources) + Counter(
        {
            "turns": len(seen.turns()),
            "typed or spoken over": len(seen.of("interrupted")),
            "ducked": len(seen.of("duck")),
            "unducked": len(seen.of("unduck")),
            "asked": len(seen.asked),
            "adopted": sum(message["adopted"] for message in metrics),
            "failures told": len(seen.of("notice", code="no_answer")),
            "sessions": len(seen.logbooks),
        }
    )


def main(count: int, first: int) -> int:
    """How many did not hold."""
    began_at, counts, broken = time.monotonic(), Counter[str](), 0
    for done, seed in enumerate(range(first, first + count), start=1):
        broken += not walk(seed, counts)
        if done % SHOWN_EVERY == 0 or done == count:
            took_s = time.monotonic() - began_at
            print(f"{done} conversations, {broken} broken, {took_s:.0f} s", flush=True)
    print(", ".join(f"{value} {name}" for name, value in counts.most_common()))
    return broken


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    sys.exit(main(*given, *(10_000, 0)[len(given) :]) > 0)
