import errno

import pytest

from voiceassistant import problems, system


def test_a_disk_without_room_is_named_with_what_is_needed(tmp_path):
    sentence = problems.disk_shortage(tmp_path, free_bytes=12_000_000, needed_mb=400)

    assert sentence == (
        f"The disk that holds {tmp_path} has 12 MB free and 400 MB are needed: "
        "make room and start again."
    )


def test_a_disk_with_room_is_no_problem(tmp_path):
    assert problems.disk_shortage(tmp_path, free_bytes=400_000_000, needed_mb=400) is None


def test_a_disk_that_fills_up_on_the_way_ends_with_a_sentence(capsys):
    with pytest.raises(SystemExit) as left, problems.told():
        raise OSError(errno.ENOSPC, "No space left on device", "var/static/x.js")

    assert left.value.code == problems.EXIT_CODE
    assert capsys.readouterr().err == (
        "The disk is full (var/static/x.js): make room and start again.\n"
    )


def test_a_mistake_of_ours_keeps_its_traceback(capsys):
    with pytest.raises(SystemExit) as left, problems.told():
        raise FileNotFoundError(errno.ENOENT, "No such file", "x")

    assert left.value.code != problems.EXIT_CODE
    assert left.value.code in problems.NEVER_UP
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("python", "name", "machine", "problem"),
    [
        ((3, 11), "Linux", "x86_64", None),
        ((3, 13), "Darwin", "arm64", None),
        ((3, 10), "Linux", "x86_64", "This is Python 3.10, and Python 3.11 to 3.13 is needed."),
        (
            (3, 11),
            "Windows",
            "AMD64",
            "Windows on AMD64 is not supported. "
            "Supported are: Linux on x86_64 or aarch64; Darwin on arm64.",
        ),
    ],
)
def test_systems_are_supported_or_named(python, name, machine, problem):
    assert system.unsupported(python, name, machine) == problem


def test_an_address_that_is_nobodys_is_named():
    with pytest.raises(
        problems.CannotStart, match=r"^Nothing can listen on HOST=no\.such\.host\.invalid: "
    ):
        problems.check_address("no.such.host.invalid", 8000)
