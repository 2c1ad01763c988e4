import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis as redis_client
from django.db import connection

from voiceassistant import embedded
from voiceassistant.embedded import lock
from voiceassistant.embedded.log import complaint
from voiceassistant.embedded.place import UNREACHABLE_HOME
from voiceassistant.problems import CannotStart


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    var = tmp_path_factory.mktemp("embedded") / "var"
    yield var
    place = embedded.Place(var)
    for outside in (place.sockets, UNREACHABLE_HOME / place.name):
        subprocess.run(["rm", "-rf", outside], check=True)


@pytest.mark.django_db
def test_the_test_database_is_a_real_postgres_with_pgvector():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT '[1,2]'::vector <-> '[1,3]'::vector, current_setting('server_version')"
        )
        distance, version = cursor.fetchone()

    assert distance == 1
    assert version.startswith("18.")


def test_what_was_written_is_there_after_a_kill_of_postgres(var: Path):
    server = embedded.start_postgres(var)
    with psycopg.connect(embedded.database_url(var)) as database:
        database.execute("CREATE TABLE IF NOT EXISTS said (words text)")
        database.execute("INSERT INTO said VALUES ('good morning')")
    server.kill()
    server.wait()

    server = embedded.start_postgres(var)
    with psycopg.connect(embedded.database_url(var)) as database:
        rows = database.execute("SELECT DISTINCT words FROM said").fetchall()
    embedded.stop_postgres(server)

    assert rows == [("good morning",)]


def test_a_pid_file_with_the_number_of_another_process_is_no_obstacle(var: Path):
    embedded.stop_postgres(embedded.start_postgres(var))
    pid_file = embedded.Place(var).var.joinpath("postgres").resolve() / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n\n\n\nready   \n")

    server = embedded.start_postgres(var)
    embedded.stop_postgres(server)

    assert server.returncode == 0


def test_a_database_in_use_by_another_run_is_left_alone(var: Path):
    server = embedded.start_postgres(var)

    with pytest.raises(CannotStart, match="Another run uses"):
        embedded.start_postgres(var, leftover_patience_s=0.3)

    assert server.poll() is None
    embedded.stop_postgres(server)


def test_a_database_of_another_version_is_named(var: Path):
    embedded.stop_postgres(embedded.start_postgres(var))
    version = (var / "postgres" / "PG_VERSION").resolve()
    version.write_text("17\n")

    with pytest.raises(CannotStart, match="was made by PostgreSQL 17 and this is 18"):
        embedded.start_postgres(var)

    version.write_text("18\n")


def test_redis_keeps_to_its_private_socket(var: Path):
    server = embedded.start_redis(var)
    assert server is not None
    client = redis_client.Redis.from_url(embedded.redis_url(var))
    client.set("heard", "yes")

    kept = client.get("heard")
    policy = client.config_get("maxmemory-policy") | client.config_get("port")
    client.close()
    embedded.stop_redis(server)

    assert kept == b"yes"
    assert policy == {"maxmemory-policy": "noeviction", "port": "0"}
    assert embedded.Place(var).redis_socket.parent.stat().st_mode & 0o777 == 0o700


def test_a_socket_folder_of_somebody_else_is_not_used(tmp_path: Path):
    place = embedded.Place(tmp_path / "var")
    place.sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(CannotStart, match="belongs to somebody else"):
            embedded.start_redis(tmp_path / "var")
    finally:
        place.sockets.unlink()


@pytest.mark.parametrize("depth", [1, 40])
def test_addresses_stay_short_however_deep_the_clone_lies(depth: int, tmp_path: Path):
    var = tmp_path.joinpath(*["folder"] * depth) / "var"

    assert len(str(embedded.Place(var).postgres_sockets / ".s.PGSQL.5432")) <= 107
    assert len(str(embedded.Place(var).redis_socket)) <= 107


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ("LOG: a\nFATAL: lock file is empty\nLOG: shut down\n", "FATAL: lock file is empty."),
        ("initdb: error: No space left on device\n", "initdb: error: No space left on device."),
        ("", "it said nothing."),
    ],
)
def test_the_telling_line_of_a_servers_log_is_quoted(log: str, sentence: str):
    assert complaint(log) == sentence


def test_a_lock_is_free_again_when_its_holder_is_killed(tmp_path: Path):
    holder = subprocess.Popen(
        [
            "python3",
            "-c",
            "import fcntl, sys, time; f = open(sys.argv[1], 'w');"
            "fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); time.sleep(60)",
            tmp_path / "lock",
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()

    assert lock.hold(tmp_path / "lock") is None

    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    descriptor = lock.hold(tmp_path / "lock")
    assert descriptor is not None
    os.close(descriptor)
