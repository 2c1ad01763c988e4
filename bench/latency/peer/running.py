"""Pipecat in its own virtual environment, and its server while it runs."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.latency.vendors import Vendors
from tests.serving import ROOT, free_port, stop

REQUIREMENTS = ROOT / "bench" / "requirements-peer.txt"
FOLDER = ROOT / "var" / "bench-peer"
START_S = 90.0


def python() -> Path:
    """The interpreter that has Pipecat; made and filled at first use (half a gigabyte)."""
    found, done = FOLDER / "venv" / "bin" / "python", FOLDER / "installed.txt"
    wanted = REQUIREMENTS.read_text()
    if done.exists() and done.read_text() == wanted:
        return found
    print(f"Installing {REQUIREMENTS.relative_to(ROOT)} into {FOLDER.relative_to(ROOT)} ...")
    shutil.rmtree(FOLDER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", FOLDER / "venv"], check=True)
    quietly = ("--disable-pip-version-check", "--no-input", "-q", "--progress-bar", "off")
    subprocess.run([found, "-m", "pip", "install", *quietly, "-r", REQUIREMENTS], check=True)
    done.write_text(wanted)
    return found


@contextmanager
def peer(setting: str, vendors: Vendors, core: int | None) -> Iterator[str]:
    """The WebSocket address of Pipecat with one of the settings of bench/latency/peer/server.py."""
    port = free_port()
    server = [str(ROOT / "bench" / "latency" / "peer" / "server.py"), setting]
    pinned = [str(ROOT / "bench" / "latency" / "pinned.py"), str(core)] if core is not None else []
    environment = os.environ | vendors.settings | {"PORT": str(port)}
    with (FOLDER / f"{setting}.log").open("w") as log:
        process = subprocess.Popen(
            [python(), *pinned, *server], env=environment, stderr=log, text=True
        )
        try:
            _wait(process, port)
            yield f"ws://127.0.0.1:{port}/talk"
        finally:
            stop(process)


def _wait(process: "subprocess.Popen[str]", port: int) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:  # nobody listens yet
            time.sleep(0.1)
    raise RuntimeError(f"The peer did not start; {FOLDER} has its log.")
