"""The embedded PostgreSQL: makes its database once, starts it as our child, stops it in order.

Nobody is let in but our own account, by the system's word (`peer`), over a socket in a private
folder. The data's lock is inherited by Postgres, and so held exactly as long as any of it runs.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from voiceassistant import child
from voiceassistant.embedded import binaries, lock
from voiceassistant.embedded.log import complaint
from voiceassistant.embedded.place import Place, our_name
from voiceassistant.problems import CannotStart, check_disk

DATABASE = "voiceassistant"
DISK_FOR_A_NEW_DATABASE_MB = 400
DISK_FOR_A_START_MB = 64
START_PATIENCE_S = 60.0
"""Recovery after a power cut may take a while; a healthy start takes 0.2 s."""
STOP_PATIENCE_S = 10.0


def database_url(var: Path) -> str:
    """Where the embedded Postgres of this `var` folder listens, whether it runs or not."""
    sockets = quote(str(Place(var).postgres_sockets), safe="")
    return f"postgresql://{quote(our_name())}@{sockets}/{DATABASE}"


def start_postgres(
    var: Path, *, durable: bool = True, leftover_patience_s: float = STOP_PATIENCE_S
) -> subprocess.Popen[bytes]:
    """A running PostgreSQL that accepts connections, its data in var/postgres, made when missing.

    durable: False lets a power cut ruin the data, for tests. leftover_patience_s: for one that a
    killed owner left behind to be gone. Raises CannotStart. It ends with us."""
    place = Place(var)
    var.mkdir(exist_ok=True)
    programs, data = binaries.postgres(place), place.postgres_data()
    place.make_sockets()
    log_path = var / "postgres.log"
    owned = _own(data, leftover_patience_s)
    try:
        if not (data / "PG_VERSION").exists():
            _make_database(programs, data, place, durable=durable)
        _check_version(data)
        check_disk(data, needed_mb=DISK_FOR_A_START_MB)
        command = _command(programs, data, place, durable=durable)
        server = _start(command, place, log_path, inherits=[owned])
    finally:
        os.close(owned)
    _wait_until_ready(server, data, log_path)
    return server


def stop_postgres(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
    child.stop(server, signal.SIGINT, patience_s=STOP_PATIENCE_S)


def _start(
    command: Sequence[str], place: Place, log_path: Path, *, inherits: Sequence[int]
) -> subprocess.Popen[bytes]:
    with log_path.open("wb") as log:
        return child.start(
            command,
            on_parent_death=signal.SIGINT,
            account=place.account,
            environment=child.BARE_ENVIRONMENT,
            output=log,
            inherits=inherits,
        )


def _command(programs: Path, data: Path, place: Place, *, durable: bool) -> list[str]:
    safe = "on" if durable else "off"
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(place.postgres_sockets),
        "port": "5432",
        "max_connections": "100",
        "log_checkpoints": "off",
        "fsync": safe,
        "synchronous_commit": safe,
        "full_page_writes": safe,
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [str(programs / "postgres"), "-D", str(data), *options]


def _make_database(programs: Path, data: Path, place: Place, *, durable: bool) -> None:
    """initdb beside the final place, then renamed: what is there is whole."""
    check_disk(data.parent, needed_mb=DISK_FOR_A_NEW_DATABASE_MB)
    unfinished = data.with_name(data.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    place.give_to_postgres(unfinished)
    initdb = [
        *(str(programs / "initdb"), "-D", str(unfinished), "--username", our_name()),
        *("--auth-local=peer", "--auth-host=reject", "--encoding=UTF8", "--locale=C"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *(() if durable else ("--no-sync",)),
    ]
    single = [str(programs / "postgres"), "--single", "-D", str(unfinished), "postgres"]
    _run(initdb, place)
    _run(single, place, said=f'CREATE DATABASE "{DATABASE}"\n')
    with suppress(FileNotFoundError):
        data.rmdir()
    unfinished.rename(data)


def _run(command: Sequence[str], place: Place, said: str = "") -> None:
    account = place.account
    done = subprocess.run(
        command,
        input=said,
        capture_output=True,
        text=True,
        cwd="/",
        env=child.BARE_ENVIRONMENT,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode:
        raise CannotStart(f"The database could not be made: {complaint(done.stderr)}")


def _wait_until_ready(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    """Read the status line of postmaster.pid, as pg_ctl does."""
    deadline = time.monotonic() + START_PATIENCE_S
    while server.poll() is None and time.monotonic() < deadline:
        if _pid_file(data)[::7] == [str(server.pid), "ready"]:
            return
        time.sleep(0.01)
    child.stop(server, signal.SIGQUIT, patience_s=STOP_PATIENCE_S)
    said = complaint(log.read_text(errors="replace"))
    raise CannotStart(f"PostgreSQL did not start: {said} The whole log is {log}.")


def _pid_file(data: Path) -> list[str]:
    """Lines of postmaster.pid: the process first, its status eighth. Empty where there is none."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
    except FileNotFoundError:
        return []


def _own(data: Path, patience_s: float) -> int:
    """The lock on `data`, as a descriptor for Postgres to inherit."""
    deadline = time.monotonic() + patience_s
    while (held := lock.hold(data.with_name("postgres.lock"))) is None:
        if sys.platform != "linux":
            _stop_orphan(data)
        if time.monotonic() > deadline:
            raise CannotStart(f"Another run uses {data}: stop it first.")
        time.sleep(0.05)
    # Its number may belong to another process by now, which Postgres would take for itself.
    (data / "postmaster.pid").unlink(missing_ok=True)
    return held


def _stop_orphan(data: Path) -> None:
    """Where the kernel does not tell a child that its parent died (macOS), we do it."""
    import psutil

    with suppress(psutil.NoSuchProcess, ValueError, IndexError):
        leftover = psutil.Process(int(_pid_file(data)[0]))
        if leftover.ppid() == 1 and str(data) in leftover.cmdline():
            leftover.send_signal(signal.SIGINT)


def _check_version(data: Path) -> None:
    found = (data / "PG_VERSION").read_text().strip()
    if found != binaries.POSTGRES_MAJOR:
        raise CannotStart(
            f"{data} was made by PostgreSQL {found} and this is {binaries.POSTGRES_MAJOR}: dump it "
            "with the old version (pg_dump), move the folder away, start, and load the dump."
        )
