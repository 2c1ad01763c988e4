"""`make run`: owns Postgres, Redis and the web process, and leaves none of them behind.

One that ends by itself is started again after a pause; too often in a minute, and the whole ends
with a sentence. What does not come up even once has said why, and is not tried again.
Django is not started here: the door is `manage.py serve`, in a process of its own.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, ModuleType
from typing import NoReturn

from environs import EnvError

from voiceassistant import child, embedded, environment, problems, system
from voiceassistant.embedded import lock
from voiceassistant.problems import CannotStart

BASE_DIR = Path(__file__).resolve().parent.parent
TICK_S = 0.2
CRASHES_FORGOTTEN_AFTER_S = 60.0
CRASHES_MAX = 5
FIRST_PAUSE_S = 0.25
WEB_PATIENCE_S = 9.0
"""`serve` drains for 5 s and leaves by itself after 8."""


def pause_before_restart(crashed_at: Sequence[float], *, now: float) -> float | None:
    """Seconds until the next try, doubling with each crash of the last minute; None: give up."""
    recent = [at for at in crashed_at if now - at < CRASHES_FORGOTTEN_AFTER_S]
    return None if len(recent) > CRASHES_MAX else FIRST_PAUSE_S * 2 ** max(len(recent) - 1, 0)


@dataclass
class Server:
    """A child that runs as long as we do."""

    name: str
    start: Callable[[bool], subprocess.Popen[bytes]]
    """Called with whether this is a further start."""
    stop: Callable[[subprocess.Popen[bytes]], None]
    process: subprocess.Popen[bytes] | None = None
    crashed_at: list[float] = field(default_factory=list)

    def open(self) -> None:
        self.process = self.start(False)

    def close(self) -> None:
        if self.process:
            self.stop(self.process)

    def restart(self) -> None:
        self.close()
        self.process = self.start(True)

    def keep_up(self) -> None:
        """Start it again where it has ended."""
        if self.process is None or (code := self.process.poll()) is None:
            return
        if code in problems.NEVER_UP and not self.crashed_at:
            sys.exit(code)
        self.crashed_at.append(time.monotonic())
        pause_s = pause_before_restart(self.crashed_at, now=self.crashed_at[-1])
        if pause_s is None:
            raise CannotStart(
                f"{self.name} ended {len(self.crashed_at)} times in a minute, the last time with "
                f"{code}: everything is stopped. What it said is above and in {BASE_DIR / 'var'}."
            )
        say(f"{self.name} ended by itself ({code}); starting it again.")
        time.sleep(pause_s)
        self.process = self.start(True)


def main() -> None:
    arguments = _parser().parse_args()
    if arguments.dev:
        os.environ.update(DEBUG="true", LOG_FORMAT="console")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    if arguments.end_with_parent:
        child.signal_when_parent_dies(signal.SIGTERM)
    with problems.told():
        system.check()
        _run(dev=arguments.dev)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="voiceassistant.supervisor", description=__doc__)
    parser.add_argument(
        "--dev", action="store_true", help="DEBUG, readable logs, restart on change"
    )
    parser.add_argument(
        "--end-with-parent", action="store_true", help="stop in order when make is killed (Linux)"
    )
    return parser


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    """Unwind from wherever we are; what is running is stopped on the way. Once is enough."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    sys.exit(0)


def _run(*, dev: bool) -> None:
    try:
        from voiceassistant import settings
    except EnvError as error:
        raise environment.explain(error) from error
    _own(settings.VAR_DIR)
    problems.check_address(settings.HOST, settings.PORT)
    servers = [*_missing_servers(settings), _web()]
    with ExitStack() as running:
        for server in servers:
            running.callback(server.close)
            server.open()
        if dev:
            _watch_and_reload(servers)
        _watch(servers)


def _own(var: Path) -> None:
    var.mkdir(exist_ok=True)
    path = var / "run.lock"
    if lock.hold(path) is None:
        raise CannotStart(
            f"It is running already here (process {path.read_text().strip()}): "
            "use that, or stop it first."
        )
    path.write_text(f"{os.getpid()}\n")


def _missing_servers(settings: ModuleType) -> Iterator[Server]:
    var: Path = settings.VAR_DIR
    if settings.DATABASE_IS_EMBEDDED:
        yield Server(
            "PostgreSQL", lambda again: embedded.start_postgres(var), embedded.stop_postgres
        )
    if settings.REDIS_IS_EMBEDDED and settings.REDIS_URL:
        yield Server("Redis", lambda again: embedded.start_redis(var), embedded.stop_redis)
    elif not settings.REDIS_URL:
        say(
            "No Redis can be had on this system: a single process runs, "
            "and keeps in memory what several would share."
        )


def _web() -> Server:
    def start(again: bool) -> subprocess.Popen[bytes]:
        again_or_not = ["--again"] if again else []
        return child.start(
            [sys.executable, str(BASE_DIR / "manage.py"), "serve", "--supervised", *again_or_not],
            # At once: the database goes at the same moment, so there is nothing to drain to.
            on_parent_death=signal.SIGKILL,
            folder=BASE_DIR,
        )

    return Server(
        "The web process",
        start,
        lambda process: child.stop(process, signal.SIGTERM, patience_s=WEB_PATIENCE_S),
    )


def _watch(servers: Sequence[Server]) -> NoReturn:
    """Until a signal or a problem unwinds us."""
    while True:
        for server in servers:
            server.keep_up()
        time.sleep(TICK_S)


def _watch_and_reload(servers: Sequence[Server]) -> NoReturn:
    """The same for `make dev`. The last server is the one that our code runs in; while that is
    broken, it waits for the next change."""
    *others, web = servers
    for changed in _changes():
        if changed:
            say("The code has changed.")
            web.restart()
        for server in others:
            server.keep_up()
    sys.exit(0)  # the changes end at a signal


def _changes() -> Iterator[bool]:
    """At each tick, whether one of our files has changed since."""
    import watchfiles

    folders = [
        BASE_DIR / name for name in ("voiceassistant", "conversations", "voice", "dashboard")
    ]
    for changes in watchfiles.watch(
        *folders,
        watch_filter=watchfiles.PythonFilter(),
        rust_timeout=int(TICK_S * 1000),
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        yield bool(changes)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
