"""How settings.py reads the environment: `.env` if present, types, and a sentence for nonsense."""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path

from environs import Env, EnvError, EnvValidationError, ValidationError

from voiceassistant.logs import LEVELS
from voiceassistant.problems import CannotStart

SECRET_NAMES = re.compile(r"KEY|SECRET|PASSWORD|TOKEN|URL")


def read(env_file: Path) -> Env:
    """The environment with `env_file` beneath it: what is set already stays."""
    env = Env()
    env.read_env(os.environ.get("ENV_FILE", env_file), recurse=False)
    return env


def secret(env: Env, name: str, validate: Callable[[str], None] | None = None) -> str:
    """A setting that may stand in a file instead, as container platforms mount them: NAME, or the
    file that NAME_FILE names. "" where there is neither. Raises CannotStart for both, and for a
    file that cannot be read."""
    path = os.environ.get(f"{name}_FILE", "")
    if path:
        if os.environ.get(name):
            raise CannotStart(f"{name} and {name}_FILE are both set; keep one.")
        try:
            os.environ[name] = Path(path).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise CannotStart(f"{name}_FILE can't be read: {error}") from error
        del os.environ[f"{name}_FILE"]  # a process started by this one finds the value
    return env.str(name, default="", validate=validate)


def explain(error: EnvError) -> CannotStart:
    """Name the variable, its value (unless that may hold a secret) and what is allowed."""
    named = re.search(r'"(\w+)"', str(error))
    name = named.group(1) if named else ""
    messages = error.error_messages if isinstance(error, EnvValidationError) else [str(error)]
    allowed = " ".join(_flat(messages))
    shown = "what it is (not shown)" if SECRET_NAMES.search(name) else f'"{os.environ.get(name)}"'
    return CannotStart(f"The setting {name} can't be {shown}: {allowed} See .env.example.")


def log_level(level: str) -> None:
    if level.upper() not in LEVELS:
        raise ValidationError(f"Must be one of: {', '.join(LEVELS)}.")


def postgres_url(url: str) -> None:
    """A validator: pgvector is PostgreSQL's, so no other database will do."""
    if url and not url.startswith(("postgres://", "postgresql://")):
        raise ValidationError("It must begin with postgresql://.")


def redis_url(url: str) -> None:
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ValidationError("It must begin with redis://, rediss:// or unix://.")


def http_url(url: str) -> None:
    if url and not url.startswith(("http://", "https://")):
        raise ValidationError("It must begin with http:// or https://.")


def _flat(messages: object) -> list[str]:
    """Marshmallow nests the messages of lists and dictionaries."""
    if isinstance(messages, dict):
        messages = list(messages.values())
    if isinstance(messages, list):
        return [text for message in messages for text in _flat(message)]
    return [str(messages)]


def secret_key(folder: Path) -> str:
    """Signs sessions and tokens. Made once and kept in a file that only its owner can read."""
    path = folder / "secret_key"
    if not path.exists():
        folder.mkdir(exist_ok=True)
        unfinished = folder / f"secret_key.{os.getpid()}"
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(unfinished, path)  # unlike a rename, fails where another process was faster
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return path.read_text()
