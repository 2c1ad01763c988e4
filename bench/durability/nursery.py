"""Victims: brought up, told apart in the database, and killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from tests.serving import free_port

START_WITHIN_S = 120.0
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass
class Victim:
    kind: str
    pid: int
    worker: int
    """As it is known in the database."""


class Nursery:
    """Brings victims up, one at a time: the worker that registers next is the new one's."""

    def __init__(self, folder: Path) -> None:
        self._log = (folder / "victims.log").open("a")
        self._started: list[subprocess.Popen[str]] = []
        command = [sys.executable, "-m", "bench.durability.victim", str(folder)]
        self._forks = subprocess.Popen(
            command,
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        assert self._said() == "warm"

    def fork(self, seed: int) -> Victim:
        assert self._forks.stdin
        before = newest_worker()
        print(seed, file=self._forks.stdin, flush=True)
        return Victim("fork", int(self._said()), after(before))

    def start(self, kind: str, *arguments: str) -> Victim:
        before = newest_worker()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=os.environ | {"PORT": str(free_port()), "HOST": "localhost"},
            stdout=self._log,
            stderr=self._log,
            text=True,
        )
        self._started.append(process)
        return Victim(kind, process.pid, after(before))

    def close(self) -> None:
        """Nobody is left; the forks die with who forked them."""
        for process in (self._forks, *self._started):
            process.kill()
            process.wait()
        self._log.close()

    def _said(self) -> str:
        assert self._forks.stdout
        return self._forks.stdout.readline().strip()


def newest_worker() -> int:
    return int(value("SELECT coalesce(max(id), 0) FROM procrastinate_workers"))


def after(worker: int) -> int:
    until(lambda: newest_worker() > worker, START_WITHIN_S, "a new worker")
    return newest_worker()


def value(query: str, *arguments: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, arguments)
        return int(cursor.fetchone()[0])


def until(seen: Callable[[], bool], within_s: float, what: str) -> None:
    deadline = time.monotonic() + within_s
    while not seen():
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {within_s:g} s for {what}.")
        time.sleep(0.02)


def kill(victim: Victim) -> int:
    """Halt it, count the jobs that it is at, and kill it."""
    os.kill(victim.pid, signal.SIGSTOP)
    query = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' AND worker_id = %s"
    in_flight = value(query, victim.worker)
    os.kill(victim.pid, signal.SIGKILL)
    return in_flight
