"""The embedded Redis: what running sessions share. It keeps nothing on disk."""

import signal
import socket as sockets
import subprocess
import time
from pathlib import Path

from voiceassistant import child
from voiceassistant.embedded import binaries
from voiceassistant.embedded.log import complaint
from voiceassistant.embedded.place import Place
from voiceassistant.problems import CannotStart

START_PATIENCE_S = 10.0
STOP_PATIENCE_S = 5.0


def redis_url(var: Path) -> str:
    """Where the embedded Redis listens, whether it runs or not; "" where this system has none."""
    return f"unix://{Place(var).redis_socket}" if binaries.redis_server() else ""


def start_redis(var: Path) -> subprocess.Popen[bytes]:
    """A running Redis on a private socket. Raises CannotStart."""
    place = Place(var)
    var.mkdir(exist_ok=True)
    place.make_sockets()
    place.redis_socket.unlink(missing_ok=True)
    log_path = var / "redis.log"
    with log_path.open("wb") as log:
        server = child.start(
            [binaries.redis_server() or "redis-server", *_options(place)],
            on_parent_death=signal.SIGTERM,
            environment=child.BARE_ENVIRONMENT,
            output=log,
        )
    _wait_until_ready(server, place.redis_socket, log_path)
    return server


def stop_redis(server: subprocess.Popen[bytes]) -> None:
    child.stop(server, signal.SIGTERM, patience_s=STOP_PATIENCE_S)


def _options(place: Place) -> list[str]:
    """A bounded memory that refuses writes when full: evicting would lose sessions in silence."""
    return [
        *("--port", "0", "--unixsocket", str(place.redis_socket), "--unixsocketperm", "700"),
        *("--dir", str(place.redis_socket.parent), "--save", "", "--appendonly", "no"),
        *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction"),
    ]


def _wait_until_ready(server: subprocess.Popen[bytes], socket: Path, log: Path) -> None:
    deadline = time.monotonic() + START_PATIENCE_S
    while not _answers(socket):
        if server.poll() is not None or time.monotonic() > deadline:
            child.stop(server, signal.SIGKILL, patience_s=STOP_PATIENCE_S)
            said = complaint(log.read_text(errors="replace"))
            raise CannotStart(f"Redis did not start: {said} The whole log is {log}.")
        time.sleep(0.005)


def _answers(socket: Path) -> bool:
    """The file is there a moment before anybody listens at it."""
    with sockets.socket(sockets.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(socket))
        except OSError:
            return False
        return True
