"""`manage.py eval_memory`, for anyone's dialogues."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from conversations.evaluation.dialogues import Unreadable, read
from conversations.evaluation.recall import Asked, Question, figures
from conversations.models import Agent, Conversation, Passage, Turn, User

SAID = [
    ("a", "2025-03-01T10:00:00", "user", "Priya", "I rented a cello in Headingley."),
    ("b", "2025-03-01T10:00:00", "assistant", "Tom", "Since when do you play?"),
    ("c", "2025-03-01T10:00:00", "assistant", "Tom", "My daughter was born on Friday, by the way."),
    ("d", "2025-04-01T10:00:00+02:00", "user", "Priya", "My mother has taken up bowls."),
    ("e", 1_743_500_000, "assistant", "Tom", "I failed the driving test again."),
]
QUESTIONS: list[dict[str, Any]] = [
    {"text": "Which instrument did Priya rent?", "evidence": ["a"], "category": "single"},
    {
        "text": "When was Tom's daughter born, and did he pass the driving test?",
        "evidence": ["c", "e"],
        "category": "multi",
    },
    {"text": "Of what nobody spoke?", "evidence": ["z"], "category": "single"},
]


def dialogue(**changes: Any) -> str:
    names = ("id", "at", "role", "speaker", "text")
    turns = [dict(zip(names, said, strict=True)) for said in SAID]
    return json.dumps({"user": "Priya", "turns": turns, "questions": QUESTIONS, **changes})


def file(folder: Path, *lines: str) -> Path:
    path = folder / "dialogues.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def asked(*arguments: object) -> list[str]:
    out = StringIO()
    call_command("eval_memory", *map(str, arguments), stdout=out)
    return out.getvalue().splitlines()


def test_the_last_line_says_how_much_was_found(db: None, tmp_path: Path) -> None:
    found = json.loads(asked(file(tmp_path, dialogue(), "", dialogue()), "--k", 1, 5)[-1])

    assert found["recall@1"] == 0.75  # the second question has two answers, so one is missing
    assert found["recall@5"] == 1
    assert found["by_category"] == {"multi": 1, "single": 1}
    assert found["questions"] == 4  # those without any evidence are left out
    assert 0 < found["p50_ms"] <= found["p95_ms"]


def test_nothing_stays_behind(db: None, tmp_path: Path) -> None:
    models = (User, Agent, Conversation, Turn, Passage)
    before = [model.objects.count() for model in models]

    asked(file(tmp_path, dialogue()))

    assert [model.objects.count() for model in models] == before


def test_a_pause_of_an_hour_parts_conversations(tmp_path: Path) -> None:
    [found] = read(file(tmp_path, dialogue()))

    assert [[turn.id for turn in turns] for turns in found.conversations()] == [
        ["a", "b", "c"],
        ["d"],
        ["e"],
    ]


def test_people_are_called_by_the_first_of_their_names(tmp_path: Path) -> None:
    turns = [
        {"id": n, "at": n, "role": role, "speaker": speaker, "text": "Hi."}
        for n, (role, speaker) in enumerate([("user", "Priya Nair"), ("assistant", " ")])
    ]

    [found] = read(file(tmp_path, dialogue(user="u-17", turns=turns)))
    [silent] = read(file(tmp_path, dialogue(turns=[])))

    assert (found.called("user"), found.called("assistant")) == ("Priya", "Somebody")
    assert silent.called("user") == "Priya"


def test_what_was_missed_is_listed_with_its_text(db: None, tmp_path: Path) -> None:
    lost = [{"text": "What is it?", "evidence": ["a", "z"], "category": "single"}]

    lines = asked(file(tmp_path, dialogue(questions=lost)))

    assert lines[:2] == ["missed: What is it?", "    a  Priya: I rented a cello in Headingley."]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "line 1"),
        ('{"user": "x"}', "'turns'"),
        (dialogue(turns=[{"id": 1, "at": "noon", "role": "user", "speaker": "x"}]), "line 1"),
        (
            dialogue(turns=[{"id": 1, "at": 0, "role": "judge", "speaker": "x", "text": ""}]),
            "judge",
        ),
        (dialogue(questions=[{"text": "x"}]), "'evidence'"),
    ],
)
def test_a_bad_line_is_named_with_what_was_wanted(
    tmp_path: Path, line: str, complaint: str
) -> None:
    with pytest.raises(Unreadable, match=complaint) as error:
        list(read(file(tmp_path, line)))
    assert '"turns"' in str(error.value)


def test_a_file_that_is_not_there_is_said_so(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.jsonl"):
        asked(tmp_path / "nothing.jsonl")


@pytest.mark.parametrize(
    "arguments", [(), ("some.jsonl", "--synthetic", "5"), ("--synthetic", "0")]
)
def test_what_to_measure_has_to_be_clear(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        asked(*arguments)


def test_no_questions_have_no_figures() -> None:
    assert figures([], [5])["recall@5"] is None


def test_recall_is_the_share_of_the_evidence_among_the_first() -> None:
    one = Asked(Question("?", frozenset("abc"), ""), ("a", "x", "b"), 1.0)

    assert [one.recall(1), one.recall(2), one.recall(3)] == [1 / 3, 1 / 3, 2 / 3]


@pytest.mark.django_db(transaction=True)
def test_latency_is_measured_in_a_database_that_is_gone_afterwards() -> None:
    own = connection.settings_dict["NAME"]

    found = json.loads(asked("--synthetic", 2_000)[-1])

    assert (found["turns"], found["heavy_turns"]) == (2_000, 100)
    assert 0 < found["p50_ms"] <= found["p95_ms"]
    assert connection.settings_dict["NAME"] == own
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE '%eval_memory%'")
        assert cursor.fetchall() == []
