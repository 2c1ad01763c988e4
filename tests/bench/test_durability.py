"""A short version of bench/durability, with the same seed each time."""

import json
import subprocess
import sys

import pytest

from tests.serving import ROOT

KILLS = 4


@pytest.mark.timeout(300)
def test_what_is_killed_loses_no_turn_and_leaves_none_without_its_passage() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.durability", str(KILLS), "5"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["kills"] == KILLS
    assert figures["turns"] > KILLS
