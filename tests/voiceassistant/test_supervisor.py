"""The real thing in a folder of its own: its servers, its end, what it says when it can't start."""

import re
import signal
import socket
import time

import pytest

from tests.voiceassistant.clone import Clone, free_port
from voiceassistant.problems import EXIT_CODE
from voiceassistant.supervisor import CRASHES_MAX, FIRST_PAUSE_S, pause_before_restart

pytestmark = pytest.mark.timeout(240)


def test_the_password_is_said_once_and_the_data_survives(clone: Clone):
    with clone.running() as first:
        assert first.page() == 200
        assert "password=" in first.ready or (clone.folder / "var" / "postgres").exists()

    with clone.running() as second:
        assert second.page() == 200
        assert re.fullmatch(
            r"ready http://localhost:\d+ user=admin "
            r"\(to set a password: \S+ manage.py changepassword admin\)",
            second.ready,
        )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order_and_leaves_nothing_behind(clone: Clone, number: signal.Signals):
    with clone.running() as run:
        run.supervisor.send_signal(number)
        said, _ = run.supervisor.communicate(timeout=20)

        assert run.supervisor.returncode == 0
        assert "ready" not in said
        assert clone.wait_until_gone() == {}


def test_a_killed_supervisor_leaves_nothing_behind(clone: Clone):
    with clone.running() as run:
        assert {"bin/postgres", "redis-server", "manage.py"} <= set(clone.processes())
        run.supervisor.kill()
        run.supervisor.wait()

        assert clone.wait_until_gone() == {}


@pytest.mark.parametrize("role", ["bin/postgres", "redis-server", "manage.py"])
def test_what_is_killed_is_started_again(clone: Clone, role: str):
    with clone.running() as run:
        killed = clone.processes()[role]
        killed.kill()
        killed.wait()

        def is_back() -> bool:
            now = clone.processes().get(role)
            return now is not None and now != killed

        _wait_for(is_back)
        _wait_for(lambda: _answers(run))
        assert run.supervisor.poll() is None


def test_a_second_run_beside_it_says_so_and_disturbs_nothing(clone: Clone):
    with clone.running() as run:
        code, said = clone.fails()

        assert code == EXIT_CODE
        assert said == (
            f"It is running already here (process {run.supervisor.pid}): "
            "use that, or stop it first.\n"
        )
        assert run.page() == 200


def test_other_shells_reach_the_embedded_database_only_while_it_runs(clone: Clone):
    command = ("manage.py", "changepassword", "somebody-unknown")

    code, said = clone.fails(*command)
    assert code == EXIT_CODE
    assert said.startswith("The embedded database is not running: start it with `make run`")

    with clone.running():
        code, said = clone.fails(*command)
        assert "user 'somebody-unknown' does not exist" in said


def test_a_port_in_use_is_named(clone: Clone):
    with socket.socket() as occupant:
        occupant.bind(("127.0.0.1", 0))
        occupant.listen()
        port = occupant.getsockname()[1]

        code, said = clone.fails(PORT=str(port))

    assert code == EXIT_CODE
    assert said == (
        f"Port {port} on localhost is in use: stop what uses it, or set PORT to another.\n"
    )


def test_a_database_that_does_not_answer_is_named(clone: Clone):
    port = free_port()

    code, said = clone.fails(
        PORT=str(free_port()), DATABASE_URL=f"postgresql://u:secret@127.0.0.1:{port}/d"
    )

    assert code == EXIT_CODE
    assert said.startswith("The database does not answer: ")
    assert str(port) in said
    assert said.count("\n") == 1
    assert "secret" not in said


def test_a_redis_that_does_not_answer_is_named(clone: Clone):
    port = free_port()

    code, said = clone.fails(PORT=str(free_port()), REDIS_URL=f"redis://:secret@127.0.0.1:{port}/0")

    assert code == EXIT_CODE
    assert said.startswith("Redis does not answer: ")
    assert str(port) in said
    assert said.count("\n") == 1
    assert "secret" not in said


def test_a_provider_that_there_is_not_is_named(clone: Clone):
    code, said = clone.fails(PORT=str(free_port()), STT_CHAIN="offline,nobody")

    assert code == EXIT_CODE
    assert said.startswith("The setting STT_CHAIN names nobody; it may hold: ")


def test_nonsense_in_the_environment_is_named_without_a_traceback(clone: Clone):
    code, said = clone.fails(PORT="eight thousand")

    assert code == EXIT_CODE
    assert said == (
        'The setting PORT can\'t be "eight thousand": Not a valid integer. See .env.example.\n'
    )


def test_a_server_that_keeps_crashing_is_given_up():
    crashes = [float(n) for n in range(CRASHES_MAX)]

    pauses = [pause_before_restart(crashes[: n + 1], now=crashes[n]) for n in range(CRASHES_MAX)]

    assert pauses == [FIRST_PAUSE_S * 2**n for n in range(CRASHES_MAX)]
    assert pause_before_restart([*crashes, 5.0], now=5.0) is None


def test_crashes_of_long_ago_are_forgotten():
    assert pause_before_restart([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 600.0], now=600.0) == FIRST_PAUSE_S


def _answers(run) -> bool:
    try:
        return run.page() == 200
    except OSError:
        return False


def _wait_for(condition, within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
