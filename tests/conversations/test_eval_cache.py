"""The command that judges the cache by pairs of questions."""

import json

import pytest
from django.core.management import CommandError, call_command

PAIRS = (
    ("What is the best way to learn Python?", "How do I learn Python?", True),
    ("How big is a baby at 35 weeks?", "How big is a baby at 37 weeks?", False),
    ("How do I cook rice?", "When was the bridge built?", False),
    ("What is a mortgage?", "Explain to me like I am five how lending works", True),
)


def told(capsys, file, *options):
    call_command("eval_cache", str(file), *options)
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pairs.jsonl"
    rows = [{"a": a, "b": b, "same": same} for a, b, same in PAIRS]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_a_file_of_pairs_is_judged_and_ends_with_one_line_of_json(capsys, file):
    assert json.loads(told(capsys, file)[-1]) == {"precision": 1.0, "recall": 0.5, "hits": 1}


def test_wrong_hits_are_listed(capsys, tmp_path):
    file = tmp_path / "pairs.jsonl"
    file.write_text('{"a": "How can I swim?", "b": "How do I swim?", "same": false}\n')

    wrong, figures = told(capsys, file)

    assert wrong.endswith("How can I swim?  |  How do I swim?")
    assert json.loads(figures) == {"precision": 0.0, "recall": None, "hits": 1}


@pytest.mark.parametrize("label", ["0", 0, "false", False])
def test_labels_are_read_as_they_are_written_elsewhere(capsys, tmp_path, label):
    file = tmp_path / "pairs.jsonl"
    row = json.dumps({"a": "How can I swim?", "b": "How do I swim?", "same": label})
    file.write_text(f"{row}\n\n{row}\n")

    assert json.loads(told(capsys, file)[-1]) == {"precision": 0.0, "recall": None, "hits": 2}


@pytest.mark.parametrize("line", ['{"a": "x"}', '{"a": "x", "b": "y", "same": "maybe"}'])
def test_a_line_that_is_no_pair_is_named(tmp_path, line):
    file = tmp_path / "pairs.jsonl"
    file.write_text(f'{{"a": "x", "b": "y", "same": true}}\n{line}\n')

    with pytest.raises(CommandError, match=r"line 2: wanted .*, got ") as error:
        call_command("eval_cache", str(file))
    assert line in str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"none\.jsonl"):
        call_command("eval_cache", str(tmp_path / "none.jsonl"))
