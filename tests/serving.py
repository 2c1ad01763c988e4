"""A real site for tests that come over the network: `manage.py serve` in a process of its own, on a
database of its own beside the test database and a Redis of its own, with the offline providers
unless told otherwise."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg

from voiceassistant import embedded

ROOT = Path(__file__).resolve().parent.parent
START_S, STOP_S = 100.0, 15.0
"""Alone it takes 4 s; a machine that does other things as well has needed more than 60."""
FRIEND, FRIEND_PASSWORD = "bob", "a-friend-of-the-tests"


@dataclass(frozen=True)
class Site:
    url: str
    """http://localhost:<port>"""
    user: str
    password: str
    database_url: str
    redis_url: str
    process: "subprocess.Popen[str]"
    log: Path
    """What the process writes to stderr, a JSON object a line."""

    @property
    def socket_url(self) -> str:
        return self.url.replace("http", "ws", 1)

    def token(self, user: str = "", password: str = "") -> str:
        """An access token of the superuser, or of whoever is named."""
        body = {"username": user or self.user, "password": password or self.password}
        request = urllib.request.Request(
            self.url + "/auth/token",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=START_S) as answer:
            return str(json.load(answer)["access"])

    def until_warm(self) -> None:
        """Return once it has loaded all models, which it does while it serves already. Raises
        AssertionError where it never has."""
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            with suppress(httpx.TimeoutException):
                if httpx.get(f"{self.url}/ready", timeout=10).json()["status"] == "ready":
                    return
            time.sleep(0.2)
        raise AssertionError(f"never ready: {self.log.read_text()[-2000:]}")

    def add_user(self, name: str = FRIEND, password: str = FRIEND_PASSWORD) -> str:
        """Somebody else to log in as; returns a token of theirs."""
        code = (
            "from conversations.models import User; "
            f"User.objects.filter(username={name!r}).exists() or "
            f"User.objects.create_user({name!r}, password={password!r})"
        )
        self.manage("shell", "-c", code)
        return self.token(name, password)

    def manage(self, *arguments: str) -> str:
        """What a management command prints, run against this site's database."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=os.environ
            | {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}
            | {"LOG_LEVEL": "WARNING"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout


@contextmanager
def site(
    folder: Path, *command: str, on_database: str | None = None, **settings: str
) -> Iterator[Site]:
    """The site while it runs, reachable and with its superuser. DATABASE_URL must lead to a running
    server. command: arguments for Python, `manage.py serve` unless given; on_database: one from
    `database`, which it shares, as it then does the Redis of REDIS_URL; settings: further
    environment variables."""
    with ExitStack() as its_own:
        database_url = on_database or its_own.enter_context(database())
        redis_url = settings.get("REDIS_URL") or (
            os.environ["REDIS_URL"] if on_database else its_own.enter_context(redis())
        )
        port = free_port()
        environment = os.environ | {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "PORT": str(port),
            "HOST": "localhost",
            "LOG_FORMAT": "json",
            **settings,
        }
        log = folder / f"site-{port}.log"
        with log.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, *(command or ("manage.py", "serve"))],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        try:
            user, password = ready(process, log)
            url = f"http://localhost:{port}"
            yield Site(url, user, password, database_url, redis_url, process, log)
        finally:
            stop(process)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ready(process: "subprocess.Popen[str]", log: Path) -> tuple[str, str]:
    """User and password from the line that says it serves; no password where it was not just made.
    Raises AssertionError with the end of the log."""
    assert process.stdout
    readable, _, _ = select.select([process.stdout], [], [], START_S)
    line = process.stdout.readline() if readable else ""
    if not line.startswith("ready "):
        raise AssertionError(f"the site did not start: {log.read_text()[-3000:]}")
    fields = dict(part.split("=", 1) for part in line.split()[2:] if "=" in part)
    return fields["user"], fields.get("password", "")


def stop(process: "subprocess.Popen[str]") -> None:
    """Ask it to end and wait; raises TimeoutExpired, and leaves nothing, when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    finally:
        if process.stdout:
            process.stdout.close()


@contextmanager
def database() -> Iterator[str]:
    """The address of a new database beside that of DATABASE_URL, dropped afterwards."""
    server_url = os.environ["DATABASE_URL"]
    name = f"site_{uuid.uuid4().hex}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def redis() -> Iterator[str]:
    """The address of a new Redis, which ends afterwards: what one site counts and remembers there,
    log-ins and broken providers above all, is not another's. That of REDIS_URL where this system
    has none to start."""
    with TemporaryDirectory(prefix="site-") as folder:
        if not (url := embedded.redis_url(Path(folder))):
            yield os.environ["REDIS_URL"]
            return
        server = embedded.start_redis(Path(folder))
        try:
            yield url
        finally:
            embedded.stop_redis(server)
            shutil.rmtree(embedded.Place(Path(folder)).sockets)
