"""A copy of the program in a folder of its own, started the way `make run` starts it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from voiceassistant import embedded
from voiceassistant.embedded.place import UNREACHABLE_HOME

SOURCE = Path(__file__).resolve().parents[2]
PARTS = (
    "voiceassistant",
    "conversations",
    "voice",
    "dashboard",
    "templates",
    "static",
    "manage.py",
)
READY_WITHIN_S = 100
GONE_WITHIN_S = 5


@dataclass
class Run:
    """A supervisor that is up."""

    supervisor: subprocess.Popen[str]
    ready: str
    address: str

    def page(self, path: str = "/login/") -> int:
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return int(answer.status)


class Clone:
    """Settings of the test run itself (DATABASE_URL …) do not reach it, its own `settings` do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in PARTS:
            source = SOURCE / part
            copy = shutil.copytree if source.is_dir() else shutil.copy2
            copy(source, folder / part)

    def environment(self, **settings: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return kept | {"LOG_LEVEL": "WARNING"} | settings

    def start(self, **settings: str) -> subprocess.Popen[str]:
        return self._popen(["-m", "voiceassistant.supervisor"], settings)

    def fails(self, *arguments: str, **settings: str) -> tuple[int, str]:
        """Exit code and stderr of what is expected to end by itself."""
        process = self._popen(list(arguments) or ["-m", "voiceassistant.supervisor"], settings)
        _, said = process.communicate(timeout=READY_WITHIN_S)
        return process.returncode, said

    def says(self, *arguments: str) -> str:
        """What a command that ends well writes."""
        process = self._popen(list(arguments), {})
        said, complaint = process.communicate(timeout=READY_WITHIN_S)
        assert process.returncode == 0, complaint
        return said

    @contextmanager
    def running(self, **settings: str) -> Iterator[Run]:
        port = free_port()
        supervisor = self.start(PORT=str(port), **settings)
        assert supervisor.stdout is not None
        ready = supervisor.stdout.readline().strip()
        assert ready, supervisor.communicate()
        try:
            yield Run(supervisor, ready, f"http://localhost:{port}")
        finally:
            if supervisor.poll() is None:
                supervisor.send_signal(signal.SIGTERM)
            supervisor.communicate(timeout=READY_WITHIN_S)

    def processes(self) -> dict[str, psutil.Process]:
        """Everything that runs for this clone: postgres, redis-server, serve, supervisor."""
        marks = (str(self.folder), str(self._place().sockets), self._place().name)
        found = {}
        for process in psutil.process_iter():
            try:
                words, folder = process.cmdline(), process.cwd()
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
            if folder == str(self.folder) or any(mark in word for word in words for mark in marks):
                found[_role(words)] = process
        return found

    def wait_until_gone(self) -> dict[str, psutil.Process]:
        """What is still there after the time in which everything has to be gone."""
        deadline = time.monotonic() + GONE_WITHIN_S
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.processes()

    def remove(self) -> None:
        """What of it lies outside its folder."""
        shutil.rmtree(self._place().sockets, ignore_errors=True)
        shutil.rmtree(UNREACHABLE_HOME / self._place().name, ignore_errors=True)

    def _place(self) -> embedded.Place:
        return embedded.Place(self.folder / "var")

    def _popen(self, arguments: list[str], settings: dict[str, str]) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def _role(words: list[str]) -> str:
    line = " ".join(words)
    roles = ("redis-server", "bin/postgres", "postgres:", "manage.py", "supervisor")
    return next((role for role in roles if role in line), line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
