import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from environs import Env

from voiceassistant import environment

ROOT = Path(__file__).resolve().parents[2]
SETTING = re.compile(r"^#([A-Z0-9_]+)=(.*)$", re.MULTILINE)
READ_ALL = (
    "import json; from voiceassistant import settings; print(json.dumps(settings.env.dump()))"
)


def read_settings(env_file: Path | str) -> dict[str, object]:
    """Every variable that settings.py reads and what it makes of it."""
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL],
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(env_file)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_the_example_file_lists_every_setting_with_its_default(tmp_path: Path):
    example = (ROOT / ".env.example").read_text()
    uncommented = tmp_path / "uncommented"
    uncommented.write_text(SETTING.sub(r"\1=\2", example))

    defaults = read_settings(os.devnull)

    assert {name for name, _ in SETTING.findall(example)} == set(defaults)
    assert read_settings(uncommented) == defaults


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PORT", "x", 'The setting PORT can\'t be "x": Not a valid integer. See .env.example.'),
        (
            "DATABASE_URL",
            "mysql://me:secret@there/it",
            "The setting DATABASE_URL can't be what it is (not shown): "
            "It must begin with postgresql://. See .env.example.",
        ),
        (
            "LOG_LEVEL",
            "loud",
            'The setting LOG_LEVEL can\'t be "loud": '
            "Must be one of: DEBUG, INFO, WARNING, ERROR, CRITICAL. See .env.example.",
        ),
    ],
)
def test_nonsense_names_the_setting_and_what_is_allowed(
    name: str, value: str, sentence: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(name, value)
    env = Env()
    read = {
        "PORT": env.int,
        "DATABASE_URL": lambda name: env.str(name, validate=environment.postgres_url),
        "LOG_LEVEL": lambda name: env.str(name, validate=environment.log_level),
    }[name]

    with pytest.raises(environment.EnvError) as raised:
        read(name)

    assert str(environment.explain(raised.value)) == sentence


def test_redis_may_be_given_in_parts(tmp_path: Path):
    env_file = tmp_path / "env"
    env_file.write_text("REDIS_HOST=cache\nREDIS_PORT=6380\nREDIS_PASSWORD=p@ss\n")
    done = subprocess.run(
        [sys.executable, "-c", "from voiceassistant import settings; print(settings.REDIS_URL)"],
        env={"PATH": os.environ["PATH"], "ENV_FILE": str(env_file)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "redis://:p%40ss@cache:6380/0"


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path):
    first = environment.secret_key(tmp_path / "var")

    assert environment.secret_key(tmp_path / "var") == first
    assert len(first) >= 50
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o777 == 0o600
