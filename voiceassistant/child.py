"""Start processes that cannot outlive us, and end them.

On Linux the kernel signals a child when its parent dies, even by `kill -9`. Elsewhere nothing does:
a child of ours then watches its parent itself, and the next start stops what Postgres left behind.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
PARENT_CHECK_S = 0.5
BARE_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""For servers of others: PGPORT and the like of the person's own would lead them astray."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody to run a child as."""

    uid: int
    gid: int


def start(
    command: Sequence[str | Path],
    *,
    on_parent_death: signal.Signals,
    account: Account | None = None,
    environment: Mapping[str, str] | None = None,
    folder: str | Path = "/",
    output: IO[bytes] | None = None,
    inherits: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """A child in a session of its own, so that Ctrl-C reaches it through us and in our order.

    Call it from the main thread: the kernel takes the thread that starts a child for its parent.
    output: for stdout and stderr; None leaves them where ours go. inherits: descriptors to keep."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=folder,
        env=environment,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        pass_fds=inherits,
        preexec_fn=_dying_with_parent(on_parent_death),
    )


def stop(process: subprocess.Popen[bytes], number: signal.Signals, *, patience_s: float) -> None:
    """Ask by signal, wait, and kill what has not gone by then, with all that it started."""
    if process.poll() is None:
        process.send_signal(number)
        try:
            process.wait(patience_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    with suppress(ProcessLookupError, PermissionError):  # of its session, nothing is left
        os.killpg(process.pid, signal.SIGKILL)


def leave_with_parent() -> None:
    """Where the kernel does not do it for us, end this process at once when its parent is gone."""
    if sys.platform != "linux":
        parent = os.getppid()
        threading.Thread(target=_watch_parent, args=[parent], daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    os._exit(1)


def signal_when_parent_dies(number: signal.Signals) -> None:
    """Have the kernel send us `number` when our parent is gone. Does nothing but on Linux."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)


def _dying_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """What the child runs before its program, after its change of user (which would undo it)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def prepare() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return prepare
