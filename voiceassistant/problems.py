"""What keeps the program from starting, said in one sentence for the person who starts it."""

import errno
import os
import shutil
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

EXIT_CODE = os.EX_CONFIG
"""Of a process that ended with a CannotStart."""
NEVER_UP = (EXIT_CODE, os.EX_SOFTWARE)
"""What `serve` ends with before it has listened, by a sentence or by a traceback: another try would
end the same way."""

EXPECTED_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS}
"""What a machine does to programs. Any other OSError is our mistake and keeps its traceback."""


class CannotStart(Exception):
    """The message is a whole sentence and says what to do. Shown without a traceback."""


def disk_shortage(folder: Path, *, free_bytes: int, needed_mb: int) -> str | None:
    """The sentence about a disk without room; None where there is enough."""
    free_mb = free_bytes // 1_000_000
    if free_mb >= needed_mb:
        return None
    return (
        f"The disk that holds {folder} has {free_mb} MB free and {needed_mb} MB are needed: "
        "make room and start again."
    )


def check_disk(folder: Path, *, needed_mb: int) -> None:
    shortage = disk_shortage(folder, free_bytes=shutil.disk_usage(folder).free, needed_mb=needed_mb)
    if shortage:
        raise CannotStart(shortage)


def of_the_system(error: OSError) -> CannotStart:
    """The sentence for an OSError that nobody foresaw where it happened."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotStart(f"The disk is full{where}: make room and start again.")
    return CannotStart(f"The system refused: {error.strerror}{where}.")


@contextmanager
def told() -> Iterator[None]:
    """Turn what keeps us from starting into its sentence on stderr and EXIT_CODE; a mistake of ours
    keeps its traceback."""
    try:
        yield
    except CannotStart as problem:
        _tell(problem)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in EXPECTED_ERRORS:
            _tell(of_the_system(error))
        traceback.print_exc()
        sys.exit(os.EX_SOFTWARE)


def _tell(problem: CannotStart) -> NoReturn:
    print(problem, file=sys.stderr, flush=True)
    sys.exit(EXIT_CODE)


def check_address(host: str, port: int) -> None:
    """Raise CannotStart where nobody could listen there."""
    try:
        family, kind, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise CannotStart(address_problem(host, port, error)) from error


def address_problem(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop what uses it, or set PORT to another."
    if error.errno == errno.EACCES:
        return f"Port {port} on {host} is not ours to use: set PORT to one above 1023."
    return f"Nothing can listen on HOST={host}: {error.strerror}."
