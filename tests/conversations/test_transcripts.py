"""Finding what was said, whoever said it."""

from collections.abc import Callable

import pytest
from django.db import connection

from conversations import transcripts
from conversations.memory import passages
from conversations.models import Agent, Conversation, Passage, Turn, User
from tests.conversations.conftest import said

Start = Callable[[User], Conversation]
SAID = (
    "My dog ran away yesterday.",
    "Which train goes to Hamburg?",
    "I would like to cancel my subscription.",
    "The puppy chewed my shoes.",
)


@pytest.fixture
def talk(hers: Conversation, his: Conversation) -> Conversation:
    """Half of it is hers, half is his."""
    for number, text in enumerate(SAID, start=1):
        said((hers, his)[number % 2], number, text, seconds=number * 10)
    return hers


@pytest.fixture
def embedded(warm: None, talk: Conversation) -> None:
    passages.embed(list(passages.lacking().values_list("pk", flat=True)))


def texts(found: transcripts.Found) -> list[str]:
    rows = Turn.objects.in_bulk(found.turns)
    return [rows[turn].text for turn in found.turns]


def test_the_very_letters_are_found_newest_first(talk: Conversation) -> None:
    found = transcripts.by_words(Turn.objects.all(), "my ")

    assert texts(found) == [SAID[3], SAID[2], SAID[0]]
    assert found.left_out == ""


def test_only_where_it_is_asked_for(talk: Conversation, his: Conversation) -> None:
    found = transcripts.by_words(Turn.objects.filter(conversation=his), "my ")

    assert texts(found) == [SAID[2], SAID[0]]


def test_meaning_is_found_without_the_word(embedded: None) -> None:
    found = transcripts.by_meaning(Turn.objects.all(), "pets")

    assert set(texts(found)[:2]) == {SAID[0], SAID[3]}
    assert len(found.turns) == 4
    assert found.left_out == ""


def test_meaning_is_found_only_where_it_is_asked_for(embedded: None, his: Conversation) -> None:
    found = transcripts.by_meaning(Turn.objects.filter(conversation=his), "pets")

    assert texts(found)[0] == SAID[0]
    assert len(found.turns) == 2


def test_without_the_model_of_meaning_one_is_told_to_wait(cold: None, talk: Conversation) -> None:
    with pytest.raises(transcripts.NotYet):
        transcripts.by_meaning(Turn.objects.all(), "pets")


ONE = transcripts.Bounds(newest=1)


def test_older_turns_are_found_by_their_words(embedded: None) -> None:
    found = transcripts.by_words(Turn.objects.all(), "dogs", ONE)
    assert (texts(found), found.left_out) == ([SAID[0]], ONE.only_words)

    found = transcripts.by_words(Turn.objects.all(), "scriptio", ONE)
    assert texts(found) == []


def test_words_are_known_in_the_languages_of_all_agents(alice: User, embedded: None) -> None:
    german = Agent.objects.create(name="Deutsch", slug="de", language="de")
    talk = Conversation.objects.create(user=alice, agent=german)
    said(talk, 1, "Die Häuser sind alt.")
    said(talk, 2, "Und jetzt?", seconds=10)
    passages.embed(list(passages.lacking().values_list("pk", flat=True)))

    found = transcripts.by_words(Turn.objects.all(), "altes Haus", ONE)

    assert texts(found) == ["Die Häuser sind alt."]


def test_what_was_not_looked_at_by_meaning_is_said(embedded: None) -> None:
    found = transcripts.by_meaning(Turn.objects.all(), "pets", ONE)

    assert (texts(found), found.left_out) == ([SAID[3]], ONE.only_newest)


def test_a_search_that_takes_too_long_says_what_to_do(talk: Conversation) -> None:
    slow = Turn.objects.extra(where=["pg_sleep(1) IS NOT NULL"])

    found = transcripts.by_words(slow, "dog", transcripts.Bounds(query_ms=30))

    assert found == transcripts.Found((), transcripts.TOO_LONG)
    assert Turn.objects.count() == 4


def test_nothing_is_read_to_the_end(embedded: None) -> None:
    """Each query is bounded by a number of turns, wherever it begins."""
    with connection.execute_wrapper(_limited):
        transcripts.by_meaning(Turn.objects.all(), "pets")
        transcripts.by_words(Turn.objects.all(), "dog")


def _limited(execute: Callable[..., object], sql: str, *rest: object) -> object:
    if sql.startswith("SELECT") and Turn._meta.db_table in sql:
        assert "LIMIT" in sql
    return execute(sql, *rest)


def test_a_forgotten_turn_is_found_by_its_letters_alone(embedded: None) -> None:
    Passage.objects.filter(turn__text=SAID[0]).delete()

    assert texts(transcripts.by_words(Turn.objects.all(), "dog")) == [SAID[0]]
    assert SAID[0] not in texts(transcripts.by_meaning(Turn.objects.all(), "dog"))
