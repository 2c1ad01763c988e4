"""Schemathesis asks a site on loopback what its schema allows, and what it does not."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.serving import Site, site

SEED = 6
EXAMPLES = 10
"""For each operation; a minute at most with all the rest."""
RUN = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
COUNTS = re.compile(r"Selected: (\d+)/.*?Tested: (\d+).*?(\d+) generated, (\d+) passed", re.DOTALL)
CONFIG = f"""
seed = {SEED}
max-time = 45
[generation]
max-examples = {EXAMPLES}
deterministic = true
[[operations]]
include-operation-id = "set_context"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "403", "404", "412", "429"]
"""
"""412: an ETag may be well formed, and an old one."""


@pytest.fixture
def unlimited(postgres: None, tmp_path: Path) -> Iterator[Site]:
    with site(tmp_path, API_RATE="", ACCESS_TOKEN_S="600") as running:
        running.until_warm()
        yield running


@pytest.mark.timeout(240)
def test_the_schema_holds_whatever_is_sent(unlimited: Site, tmp_path: Path):
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    arguments = [
        *("--config-file", str(config), "run", f"{unlimited.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {unlimited.token()}"),
    ]

    with connect(f"{unlimited.socket_url}/voice/new?token={unlimited.token()}"):  # one that runs
        done = subprocess.run(
            [sys.executable, "-c", RUN, *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=180,
            check=False,
        )

    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    selected, tested, asked, passed = map(int, COUNTS.findall(done.stdout)[0])
    assert (tested, passed) == (selected, asked)
    assert asked > 500
    log = unlimited.log.read_text()
    assert "api.failed" not in log
    assert "Traceback" not in log
