"""How soon the page itself makes a reply soft when somebody speaks over it, and what else it does
that for: its own detector in Node, fed with made scenes. No browser, no server.

Usage: python -m bench.browser.onsets [FOLDER], which keeps the scenes for the next time.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from bench.browser.onsets.scenes import Scene, scenes
from bench.figures import percentile
from bench.speech.spoken import RATE_HZ

HEAR = Path(__file__).parent / "hear.mjs"
NODE_S = 900
ROUND_TRIPS_S = (0.0, 0.4)
SURE_S = 0.15
"""What the server needs, as hear.mjs has it: what is noticed later than that, it has told."""
EARLY_S = 0.1
"""What begins so shortly before VAD is at a half is the voice."""
SETTLED_S = 1.0
"""How long the detector may get to know the room; a call begins with more."""


class Duck(TypedDict):
    from_s: float
    to_s: float | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A scene, and when in it the page made a reply soft."""

    row: str
    length_s: float
    starts_s: float | None
    is_held_out: bool
    ducks: list[Duck]
    told_s: float
    """From the voice's beginning until the server's word on it."""

    @property
    def _over_voice(self) -> Duck | None:
        """The first duck of the page's own that lasts into the voice."""
        if self.starts_s is None:
            return None
        soft = (duck for duck in self.ducks if (duck["to_s"] or self.length_s) > self.starts_s)
        first = next(soft, None)
        is_own = first is not None and first["from_s"] < self.starts_s + self.told_s
        return first if is_own else None

    @property
    def soft_after_ms(self) -> float | None:
        """0 where it was soft already; None where the page noticed nothing."""
        duck = self._over_voice
        if duck is None or self.starts_s is None:
            return None
        return 1000 * max(0.0, duck["from_s"] - self.starts_s)

    @property
    def is_loud_between(self) -> bool:
        """Whether the reply was loud again before the server had said so."""
        duck = self._over_voice
        if duck is None or self.starts_s is None or duck["to_s"] is None:
            return False
        return duck["to_s"] < self.starts_s + self.told_s

    @property
    def _no_voice_until_s(self) -> float:
        return self.length_s if self.starts_s is None else self.starts_s - EARLY_S

    @property
    def false_ducks_ms(self) -> list[float]:
        """How long each lasted."""
        return [
            1000 * ((duck["to_s"] or self.length_s) - duck["from_s"])
            for duck in self.ducks
            if SETTLED_S < duck["from_s"] < self._no_voice_until_s
        ]

    @property
    def without_a_voice_s(self) -> float:
        return self._no_voice_until_s - SETTLED_S


def made(folder: Path) -> None:
    """Write the scenes where they are not there yet."""
    if (folder / "scenes.json").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    rows = [written(folder / str(number), scene) for number, scene in enumerate(scenes())]
    (folder / "scenes.json").write_text(json.dumps(rows))


def written(path: Path, scene: Scene) -> dict[str, object]:
    """Raw, as hear.mjs reads it; returns what is said about it."""
    scene.microphone.astype("<f4").tofile(path.with_suffix(".mic"))
    scene.played.astype("<f4").tofile(path.with_suffix(".played"))
    return {
        "row": scene.row,
        "length_s": len(scene.microphone) / RATE_HZ,
        "starts_s": scene.starts_s,
        "is_held_out": scene.is_held_out,
    }


def heard(folder: Path, round_trip_s: float) -> list[Heard]:
    node = shutil.which("node") or shutil.which("node", path=str(Path(sys.executable).parent))
    if node is None:
        sys.exit("No Node: `make install-dev` brings one.")
    command = [node, str(HEAR), str(folder), str(round_trip_s)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=NODE_S)
    rows = json.loads((folder / "scenes.json").read_text())
    return [
        Heard(**row, ducks=ducks, told_s=SURE_S + round_trip_s)
        for row, ducks in zip(rows, json.loads(run.stdout), strict=True)
    ]


def report(name: str, of: Sequence[Heard]) -> None:
    print(f"--- {name}")
    for row in dict.fromkeys(scene.row for scene in of):
        print(line(row, [scene for scene in of if scene.row == row]))
    print(line("all voices", [scene for scene in of if scene.starts_s is not None]))
    print(line("all that is none", [scene for scene in of if scene.starts_s is None]))


def line(name: str, of: Sequence[Heard]) -> str:
    false_ms = [ms for scene in of for ms in scene.false_ducks_ms]
    per_minute = 60 * len(false_ms) / sum(scene.without_a_voice_s for scene in of)
    text = f"{name:<36} false ducks a minute {per_minute:5.2f}"
    if of[0].starts_s is None:
        return f"{text}  p95 {percentile(false_ms, 95):4.0f} ms long" if false_ms else text
    late_ms = [late for scene in of if (late := scene.soft_after_ms) is not None]
    times = "p50    –  p95    –"
    if late_ms:
        times = f"p50 {percentile(late_ms, 50):4.0f}  p95 {percentile(late_ms, 95):4.0f}"
    loud = sum(scene.is_loud_between for scene in of)
    missed = f"missed {len(of) - len(late_ms)}, loud in between {loud} of {len(of)}"
    return f"{text}  {times} ms  {missed}"


def main() -> None:
    with tempfile.TemporaryDirectory() as thrown_away:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else thrown_away)
        made(folder)
        for round_trip_s in ROUND_TRIPS_S:
            print(f"=== the server {1000 * round_trip_s:.0f} ms away, there and back")
            results = heard(folder, round_trip_s)
            report("tuned on", [scene for scene in results if not scene.is_held_out])
            report("held out", [scene for scene in results if scene.is_held_out])


if __name__ == "__main__":
    main()
