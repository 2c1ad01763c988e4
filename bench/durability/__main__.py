"""`kill -9` at random moments of processes that store turns and do jobs, under load.

Three victims at a time; one in KILLS_PER_SITE is a whole `manage.py serve`, and as many are
`manage.py procrastinate worker`, which take some 10 s to come up. A victim is halted, looked at,
and killed. Then a last worker does what is left, a job within a minute and a half, before every
turn is looked at.
Usage: python -m bench.durability [kills] [seed]
"""

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from bench.durability.nursery import Nursery, Victim, kill, until, value
from voiceassistant import embedded

VICTIMS = 3
KILLS_PER_SITE = 25
MOMENTS_S = (0.02, 1.0)
PROGRESS_WITHIN_S = 90.0


def replacement(nursery: Nursery, kills: int, seed: int) -> Victim:
    if kills % KILLS_PER_SITE == 5:
        return nursery.start("serve", "serve")
    if kills % KILLS_PER_SITE == 15:
        return nursery.start("worker", "procrastinate", "worker")
    return nursery.fork(seed)


def run(folder: Path, kills: int, seed: int) -> list[tuple[str, int]]:
    """Kind and jobs in flight of each that was killed."""
    chance = random.Random(seed)
    nursery = Nursery(folder)
    killed: list[tuple[str, int]] = []
    try:
        victims = [nursery.fork(chance.randrange(10**6)) for _ in range(VICTIMS)]
        while len(killed) < kills:
            time.sleep(chance.uniform(*MOMENTS_S))
            victim = victims.pop(chance.randrange(len(victims)))
            killed.append((victim.kind, kill(victim)))
            victims.append(replacement(nursery, len(killed), chance.randrange(10**6)))
        for victim in victims:
            os.kill(victim.pid, signal.SIGKILL)
        last = nursery.start("worker", "procrastinate", "worker")
        while jobs := left():
            until(lambda: left() < jobs, PROGRESS_WITHIN_S, f"one of {jobs} jobs that were left")
        os.kill(last.pid, signal.SIGTERM)
    finally:
        nursery.close()
    return killed


def left() -> int:
    return value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'embed_turn'")


@contextmanager
def servers() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="voiceassistant-bench-"))
    folder.chmod(0o755)  # for root: Postgres runs as somebody else and has to get in
    postgres, redis = embedded.start_postgres(folder), embedded.start_redis(folder)
    os.environ["DATABASE_URL"] = embedded.database_url(folder)
    os.environ["REDIS_URL"] = embedded.redis_url(folder)
    os.environ |= {"ENV_FILE": os.devnull, "LOG_LEVEL": "WARNING"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
    try:
        yield folder
    finally:
        embedded.stop_redis(redis)
        embedded.stop_postgres(postgres)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(embedded.Place(folder).sockets, ignore_errors=True)


def prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench.durability.verdict import COUNT_PASSAGES
    from conversations.models import User

    call_command("migrate", verbosity=0)
    for number in range(4):
        User.objects.create_user(f"user{number}")
    with connection.cursor() as cursor:
        cursor.execute(COUNT_PASSAGES)


def report(killed: Sequence[tuple[str, int]], took_s: float, folder: Path) -> bool:
    """Print it; whether nothing is wrong."""
    from bench.durability.verdict import verdict

    found = verdict(folder)
    figures = {
        "kills": len(killed),
        "of_sites": sum(kind == "serve" for kind, _ in killed),
        "of_workers": sum(kind == "worker" for kind, _ in killed),
        "kills_with_a_job_in_flight": sum(jobs > 0 for _, jobs in killed),
        "jobs_in_flight": sum(jobs for _, jobs in killed),
        "minutes": round(took_s / 60, 1),
        **asdict(found),
    }
    print(json.dumps(figures))
    return found.is_clean


def main(kills: int, seed: int) -> None:
    with servers() as folder:
        prepare()
        started = time.monotonic()
        killed = run(folder, kills, seed)
        if not report(killed, time.monotonic() - started, folder):
            sys.exit("Something was lost, or done twice.")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    main(*given, *(200, 1)[len(given) :])
