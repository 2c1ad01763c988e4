"""The vector that a turn is found by."""

import pytest

from conversations import embeddings
from conversations.memory.meaning import BEFORE_CHARACTERS, meanings
from conversations.models import Conversation, Turn
from tests.conversations.conftest import answered, said


def embedded(text: str) -> list[float]:
    return embeddings.embed([text])[0]


def halves(one: str, other: str) -> list[float]:
    return [(a + b) / 2 for a, b in zip(embedded(one), embedded(other), strict=True)]


def of(turn: Turn) -> object:
    return pytest.approx(meanings({turn.pk: turn.text})[turn.pk], abs=1e-4)


def test_half_of_it_is_what_was_said_just_before(hers: Conversation) -> None:
    said(hers, 1, "Long ago.", seconds=0)
    said(hers, 2, "I applied at the bakery.", seconds=10)
    answered(hers, 2, "And?", seconds=15)
    said(hers, 3, "Turned it down.", seconds=20)

    in_place = "I applied at the bakery.\nAnd?\nTurned it down."
    assert halves("Turned it down.", in_place) == of(Turn.objects.get(number=3))


def test_what_comes_first_stands_alone(hers: Conversation, his: Conversation) -> None:
    said(his, 1, "Somebody else's words.", seconds=0)
    said(hers, 1, "Hello there.", seconds=10)

    assert embedded("Hello there.") == of(hers.utterances.get())


def test_what_was_forgotten_leaves_no_trace_in_what_follows(hers: Conversation) -> None:
    said(hers, 1, "My PIN is 4711.", seconds=0)
    said(hers, 2, "Thank you.", seconds=10)
    Turn.objects.filter(number=1).update(is_forgotten=True)

    assert embedded("Thank you.") == of(Turn.objects.get(number=2))


def test_a_long_speech_before_does_not_drown_the_turn(hers: Conversation) -> None:
    said(hers, 1, "blah " * 500, seconds=0)
    said(hers, 2, "My dog is called Rex.", seconds=10)

    end = ("blah " * 500)[-BEFORE_CHARACTERS:]
    assert halves("My dog is called Rex.", f"{end}\nMy dog is called Rex.") == of(
        Turn.objects.get(number=2)
    )


def test_a_turn_that_is_gone_still_has_a_meaning(db: None) -> None:
    assert list(meanings({7: "Hello there."})) == [7]
