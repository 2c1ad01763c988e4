import os
from pathlib import Path

import pytest
from environs import Env

from voiceassistant import environment
from voiceassistant.problems import CannotStart


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch):
    for name in ("ACME_API_KEY", "ACME_API_KEY_FILE"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "key").write_text("sesame\n")
    monkeypatch.setenv("ACME_API_KEY_FILE", str(tmp_path / "key"))

    assert environment.secret(Env(), "ACME_API_KEY") == "sesame"
    assert os.environ["ACME_API_KEY"] == "sesame"  # for the processes that this one starts


def test_without_either_it_is_empty():
    assert environment.secret(Env(), "ACME_API_KEY") == ""


def test_both_at_once_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ACME_API_KEY", "sesame")
    monkeypatch.setenv("ACME_API_KEY_FILE", str(tmp_path / "key"))

    with pytest.raises(CannotStart, match="ACME_API_KEY and ACME_API_KEY_FILE are both set"):
        environment.secret(Env(), "ACME_API_KEY")


def test_a_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ACME_API_KEY_FILE", str(tmp_path / "nothing"))

    with pytest.raises(CannotStart, match=r"ACME_API_KEY_FILE can't be read: .+nothing"):
        environment.secret(Env(), "ACME_API_KEY")
