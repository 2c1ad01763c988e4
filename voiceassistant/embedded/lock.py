"""One owner of a thing at a time."""

import fcntl
import os
from pathlib import Path


def hold(path: Path) -> int | None:
    """Hold `path` as long as this descriptor is open, in us or in a child that inherits it; None
    where another holds it. The system lets go when the holder ends, however it ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
