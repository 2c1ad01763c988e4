"""`manage.py serve`: one web process on HOST and PORT. `make run` starts it beside its servers."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections
from redis import Redis
from redis.exceptions import RedisError

from voice.providers import chains, registry
from voiceassistant import child, database, problems
from voiceassistant.database import Superuser
from voiceassistant.problems import CannotStart

if TYPE_CHECKING:
    from voiceassistant.server import WebProcess

REDIS_WITHIN_S = 5


class Command(BaseCommand):
    help = "Prepare the database and the static files, and serve on HOST and PORT until SIGTERM."
    requires_system_checks: list[str] = []  # the test suite and `manage.py check` run them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--supervised", action="store_true", help="leave when the parent does")
        parser.add_argument(
            "--again", action="store_true", help="say no `ready`: this is a restart"
        )

    def handle(self, *, supervised: bool, again: bool, **options: Any) -> None:
        if supervised:
            child.leave_with_parent()
        problems.check_address(settings.HOST, settings.PORT)
        superuser, web = prepare(), build()
        web.run(
            settings.HOST,
            settings.PORT,
            opened=lambda: None if again else announce(superuser),
        )
        connections.close_all()
        sys.stderr.flush()
        os._exit(0)  # a thread amid a long import or a vendor's call must not hold us


def build() -> "WebProcess":
    from voiceassistant.server import WebProcess  # isort: skip  (installs the reactor, so it goes first)
    from voice import process
    from voiceassistant.asgi import application

    return WebProcess(application, work=process.run, drain=process.drain)


def prepare() -> Superuser:
    """Everything that has to be so before the first page is asked for."""
    check_chains()
    check_turn_model()
    database.check()
    check_redis()
    superuser = database.prepare()
    if not settings.DEBUG:
        from voiceassistant import static

        static.collect()
    connections.close_all()
    return superuser


def check_chains() -> None:
    """A provider that there is not is said now, not in the first call."""
    for kind, names in chains.named().items():
        try:
            registry.check(kind, names)
        except registry.UnknownProvider as error:
            raise CannotStart(f"The setting {error}. See .env.example.") from error


def check_turn_model() -> None:
    if settings.SMART_TURN and not Path(settings.SMART_TURN).is_file():
        raise CannotStart(
            f"SMART_TURN names {settings.SMART_TURN}, which is not there: "
            "`make smart-turn` fetches it, or leave SMART_TURN unset."
        )


def check_redis() -> None:
    if not settings.REDIS_URL:
        return
    try:
        with Redis.from_url(settings.REDIS_URL, socket_connect_timeout=REDIS_WITHIN_S) as server:
            server.ping()
    except RedisError as error:
        raise CannotStart(
            f"Redis does not answer: {str(error).rstrip('.')}. "
            "Check REDIS_URL, or leave it unset to use the embedded one."
        ) from error


def announce(superuser: Superuser) -> None:
    print(ready_line(settings.HOST, settings.PORT, superuser), flush=True)


def ready_line(host: str, port: int, superuser: Superuser) -> str:
    """`ready <address> user=<name>`, and `password=<password>` only where it has just been made."""
    shown = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    ready = f"ready http://{shown}:{port} user={superuser.name}"
    if superuser.new_password:
        return f"{ready} password={superuser.new_password}"
    python = Path(os.path.relpath(sys.executable))
    return f"{ready} (to set a password: {python} manage.py changepassword {superuser.name})"
