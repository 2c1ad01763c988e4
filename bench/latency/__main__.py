"""Spoken word to spoken answer, and to silence when interrupted: ours, Pipecat and an oracle on the
same simulated vendors and the same recordings, one session, over the wire.

End of speech is the label's; the answer is the first reply audio that is heard, silence before it
left out. Nothing is needed but this; Pipecat is installed into var/bench-peer at the first run.
Usage: python -m bench.latency [--turns N] [--data DIR] [--profile zero|typical|both] [--no-peer]
[--peer SETTING...] [--out FILE], the peer's settings being those of bench/latency/peer/server.py.
"""

import argparse
import asyncio
import itertools
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.latency.calls import Figures, measure
from bench.latency.oracle import oracle
from bench.latency.peer.running import peer, python
from bench.latency.profiles import PROFILES
from bench.latency.table import Run, table
from bench.latency.talking import PeerTalker, Talker
from bench.latency.vendors import Vendors, vendors
from bench.servers import measured_site, wait_until_warm
from bench.speech.clips import Clip, clips
from tests.network.client import SPEECH

PEER_SETTINGS = ("default", "tuned", "fastest")
SYSTEM_CORE, OTHERS_CORE = 0, 1


def ours(simulated: Vendors, said: list[Clip], *, stops: bool) -> Figures:
    pinned = ("bench/latency/pinned.py", str(SYSTEM_CORE)) if can_pin() else ()
    with measured_site(*pinned, "manage.py", "serve", **simulated.settings) as site:
        wait_until_warm(site)
        url = f"{site.socket_url}/voice/new?token={site.token()}"
        return asyncio.run(measure(Talker(url), said, simulated, stops=stops))


def pipecat(setting: str, simulated: Vendors, said: list[Clip], *, stops: bool) -> Figures:
    with peer(setting, simulated, SYSTEM_CORE if can_pin() else None) as url:
        return asyncio.run(measure(PeerTalker(url), said, simulated, stops=stops))


def can_pin() -> bool:
    return (os.cpu_count() or 1) > OTHERS_CORE


@contextmanager
def others_pinned() -> Iterator[None]:
    """What is started meanwhile stays off the core of the system that is measured."""
    before = os.sched_getaffinity(0)
    if can_pin():
        os.sched_setaffinity(0, {OTHERS_CORE})
    else:
        print("Only one core: all share it, which makes every figure larger.", file=sys.stderr)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def run(profile: str, said: list[Clip], folder: Path, settings: tuple[str, ...]) -> Run:
    found = Run(profile)
    stops = profile == "typical"
    with others_pinned(), vendors(profile, folder) as simulated:
        _tell(profile, "oracle")
        found.oracle = asyncio.run(oracle(simulated, said))
        _tell(profile, "ours")
        found.systems["ours"] = ours(simulated, said, stops=stops)
        for setting in settings:
            _tell(profile, f"Pipecat, {setting}")
            found.systems[setting] = pipecat(setting, simulated, said, stops=stops)
    return found


def _tell(profile: str, system: str) -> None:
    print(f"{profile}: {system} ...", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.latency", description=__doc__)
    parser.add_argument("--turns", type=int, default=20)
    parser.add_argument("--data", type=Path, default=SPEECH)
    parser.add_argument("--profile", choices=(*PROFILES, "both"), default="both")
    parser.add_argument("--peer", nargs="+", choices=PEER_SETTINGS, default=["default", "fastest"])
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    known = [clip for clip in clips(asked.data) if clip.kind in ("", "complete")]
    said = list(itertools.islice(itertools.cycle(known), asked.turns))
    settings = () if asked.no_peer else tuple(asked.peer)
    if settings:
        python()  # installs it before anything is timed
    profiles = tuple(PROFILES) if asked.profile == "both" else (asked.profile,)
    text = table([run(profile, said, asked.data, settings) for profile in profiles])
    print(text)
    if asked.out:
        asked.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
