"""Where the embedded servers keep data and sockets, and whom they run as.

Postgres refuses to run as root. Where we are root, it runs as `nobody`, in folders of its own;
where `nobody` can't get at the clone (one under /root, say), they lie elsewhere. The rights of a
parent folder are never changed.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from voiceassistant import child
from voiceassistant.problems import CannotStart

UNREACHABLE_HOME = Path("/var/lib/voiceassistant")
"""For what `nobody` has to reach, where the clone can't be reached."""


@dataclass(frozen=True)
class Place:
    """What follows from the path of one `var` folder."""

    var: Path

    @cached_property
    def name(self) -> str:
        return hashlib.sha256(str(self.var.resolve()).encode()).hexdigest()[:12]

    @cached_property
    def sockets(self) -> Path:
        """Short, since a socket's path has 107 bytes at most, and not in $TMPDIR, which another
        shell may set differently."""
        return Path("/tmp") / f"voiceassistant-{os.geteuid()}-{self.name}"

    @property
    def postgres_sockets(self) -> Path:
        return self.sockets / "postgres"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis" / "redis.sock"

    @cached_property
    def account(self) -> child.Account | None:
        """Whom Postgres runs as: None is us."""
        if os.geteuid() != 0:
            return None
        nobody = pwd.getpwnam("nobody")
        return child.Account(nobody.pw_uid, nobody.pw_gid)

    def postgres_data(self) -> Path:
        """var/postgres, or what it points to."""
        folder = self.var / "postgres"
        if self.account and not folder.is_symlink() and not reachable(self.var):
            home = UNREACHABLE_HOME / self.name
            home.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                shutil.move(folder, home / "postgres")
            folder.symlink_to(home / "postgres")
        return folder.resolve()

    def make_sockets(self) -> None:
        """Folders that only we, and only Postgres, get into."""
        make_ours(self.sockets, mode=0o711)
        make_ours(self.redis_socket.parent, mode=0o700)
        self.give_to_postgres(self.postgres_sockets)

    def give_to_postgres(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            os.chown(folder, self.account.uid, self.account.gid)


def make_ours(folder: Path, *, mode: int) -> None:
    """/tmp is everybody's: a folder that somebody else laid there is not used."""
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise CannotStart(f"{folder} belongs to somebody else: remove it and start again.")
    folder.chmod(mode)


def reachable(path: Path) -> bool:
    """True where anybody may read `path` and walk through every folder above it."""
    above = path.resolve().parents
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in above) and bool(
        path.stat().st_mode & stat.S_IXOTH and path.stat().st_mode & stat.S_IROTH
    )


def our_name() -> str:
    """Our account's name: Postgres lets in, by the system's word, only the role of that name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise CannotStart(
            f"The user {os.geteuid()} has no name on this system, which PostgreSQL needs: "
            "add one to /etc/passwd, or set DATABASE_URL."
        ) from None
