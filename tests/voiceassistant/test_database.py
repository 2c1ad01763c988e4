"""A server that answers is not enough: it has to have pgvector, and we have to be let in."""

import json
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.voiceassistant.clone import Clone, free_port
from voiceassistant import database
from voiceassistant.problems import EXIT_CODE

ADMIN = str(settings.DATABASE_URL)


@pytest.fixture
def bare_database(postgres: None) -> Iterator[str]:
    """A database whose server finds no extension at all, as where pgvector was never installed."""
    with psycopg.connect(ADMIN, autocommit=True, dbname="postgres") as server:
        server.execute("CREATE DATABASE bare")
        server.execute("ALTER DATABASE bare SET extension_control_path = '/nowhere'")
        yield psycopg.conninfo.make_conninfo(ADMIN, dbname="bare")
        server.execute("DROP DATABASE bare WITH (FORCE)")


DIALOGUE = {
    "user": "Priya",
    "turns": [
        {"id": 1, "at": 0, "role": "user", "speaker": "Priya", "text": "I rented a cello."},
        {"id": 2, "at": 9, "role": "assistant", "speaker": "Tom", "text": "Since when?"},
    ],
    "questions": [{"text": "What did Priya rent?", "evidence": [1], "category": "single"}],
}


def test_a_command_run_alone_brings_the_embedded_database_along(clone: Clone):
    (clone.folder / "dialogues.jsonl").write_text(json.dumps(DIALOGUE))

    said = clone.says("manage.py", "eval_memory", "dialogues.jsonl")

    assert json.loads(said.splitlines()[-1])["recall@5"] == 1
    assert clone.wait_until_gone() == {}


def test_a_database_without_pgvector_is_named(bare_database: str, clone: Clone):
    parts = psycopg.conninfo.conninfo_to_dict(bare_database)
    url = ADMIN.rsplit("/", 1)[0] + f"/{parts['dbname']}"

    code, said = clone.fails("manage.py", "serve", DATABASE_URL=url, PORT=str(free_port()))

    assert code == EXIT_CODE
    assert said == (
        "The database lacks pgvector: install pgvector there "
        "(https://github.com/pgvector/pgvector), or leave DATABASE_URL unset.\n"
    )


@pytest.mark.django_db
def test_a_superuser_is_made_once():
    first = database.prepare()
    second = database.prepare()

    assert first.name == second.name == "admin"
    assert first.new_password
    assert second.new_password is None


@pytest.mark.django_db
def test_a_taken_name_is_not_taken_away(django_user_model):
    django_user_model.objects.create_user("admin", password="somebody who signed up")

    made = database.prepare()

    assert made.name == "admin2"
    assert django_user_model.objects.get(username="admin").is_superuser is False
    assert connection.in_atomic_block
