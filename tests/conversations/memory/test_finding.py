"""What the database finds by meaning and by words, among few turns of somebody and among many."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value
from numpy.typing import NDArray

from conversations.memory import finding, recollect
from conversations.memory.finding import ALIKE_MAX, EXACT_MAX, MANY_TURNS, NEAREST_MAX, TURNS_MAX
from conversations.models import EMBEDDING_DIMENSIONS, Conversation, Passage, Turn, User
from tests.conversations.conftest import at

Vectors = NDArray[np.float32]


def talked(conversation: Conversation, texts: Sequence[str]) -> list[Turn]:
    """Turns of the user, without what recall finds them by."""
    first = conversation.utterances.count() + 1
    return Turn.objects.bulk_create(
        Turn(
            conversation=conversation,
            number=number,
            role=Turn.Role.USER,
            text=text,
            started_at=at(number),
            ended_at=at(number),
        )
        for number, text in enumerate(texts, first)
    )


def meant(conversation: Conversation, vectors: Vectors) -> list[int]:
    """A turn of the user for each of the vectors; their ids."""
    turns = talked(conversation, ["something"] * len(vectors))
    Passage.objects.bulk_create(
        Passage(turn=turn, user_id=conversation.user_id, embedding=vector, words=Value(""))
        for turn, vector in zip(turns, vectors.tolist(), strict=True)
    )
    return [turn.pk for turn in turns]


def worded(conversation: Conversation, texts: Sequence[str]) -> dict[int, str]:
    """A turn of the user for each of the texts: id → its words."""
    turns = talked(conversation, texts)
    for turn in turns:
        Passage.objects.create(
            turn=turn,
            user_id=conversation.user_id,
            embedding=[0.0] * EMBEDDING_DIMENSIONS,
            words=SearchVector(Value(turn.text), config="simple"),
        )
    return {turn.pk: turn.text for turn in turns}


def talked_on(conversation: Conversation, turns: int) -> None:
    """So many more turns, which are about nothing and mean nothing."""
    talked(conversation, ["…"] * turns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Passage._meta.db_table} (turn_id, user_id, embedding, words)"
            " SELECT id, %s, array_fill(0, ARRAY[%s])::vector::halfvec, ''"
            f" FROM {Turn._meta.db_table} WHERE conversation_id = %s ON CONFLICT DO NOTHING",
            [conversation.user_id, EMBEDDING_DIMENSIONS, conversation.pk],
        )


def unit(vectors: NDArray[np.float64]) -> Vectors:
    """Of length one, and of the precision that is stored."""
    ones = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return ones.astype(np.float16).astype(np.float32)


def names(number: int) -> list[str]:
    return [f"word{place:02}" for place in range(number)]


# --- by meaning -----------------------------------------------------------------------------------
@pytest.mark.parametrize("turns", [0, EXACT_MAX, TURNS_MAX, 50_000])
def test_the_nearest_come_in_order_however_many_turns_there_are(
    alice: User, hers: Conversation, his: Conversation, turns: int
) -> None:
    """More turns than are compared, in no direction, and among them some about as asked; somebody
    else was asked the very same as often as turns are compared."""
    rng = np.random.default_rng(1)
    noise = rng.standard_normal((ALIKE_MAX + NEAREST_MAX, EMBEDDING_DIMENSIONS))
    asked = rng.standard_normal((1, EMBEDDING_DIMENSIONS))
    noise[:: len(noise) // NEAREST_MAX][:NEAREST_MAX] += 2 * asked
    vectors, [question] = unit(noise), unit(asked)
    meant(his, np.array([question] * ALIKE_MAX))
    ids = meant(hers, vectors)

    found = finding.nearest(alice.pk, question.tolist(), turns=turns)

    order = np.argsort(-(vectors @ question))[:NEAREST_MAX]
    assert found == [ids[place] for place in order]


# --- by words -------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_of_who_said_much_any_two_words_are_wanted(
    alice: User, hers: Conversation, his: Conversation, number: int
) -> None:
    asked = names(number)
    having = [" ".join(some) for size in range(4) for some in combinations(names(6), size)]
    worded(his, having)
    texts = worded(hers, having)

    of_few = finding.coverage(alice.pk, asked, turns=MANY_TURNS)
    of_many = finding.coverage(alice.pk, asked, turns=MANY_TURNS + 1)

    shared = {turn: len({*text.split()} & {*asked}) for turn, text in texts.items()}
    assert of_few.keys() == {turn for turn, often in shared.items() if often}
    assert of_many.keys() == {turn for turn, often in shared.items() if often >= min(2, number)}


def test_of_who_said_much_the_first_eight_words_are_looked_for(
    alice: User, hers: Conversation
) -> None:
    asked = names(10)
    texts = worded(hers, [" ".join(pair) for pair in combinations(asked, 2)])

    found = finding.coverage(alice.pk, asked, turns=TURNS_MAX)

    assert {texts[turn] for turn in found} == {
        " ".join(pair) for pair in combinations(asked[:8], 2)
    }


def test_a_word_that_fewer_turns_have_counts_more(alice: User, hers: Conversation) -> None:
    texts = worded(hers, ["often rare", "often", "often", "often", "else"])

    found = finding.coverage(alice.pk, ["often", "rare"], turns=len(texts))

    both, often, *_ = (found[turn] for turn, text in texts.items() if turn in found)
    assert both == pytest.approx(1)
    assert 0 < often < 0.5


def test_words_weigh_no_more_for_who_said_still_more(alice: User, hers: Conversation) -> None:
    worded(hers, ["often rare", "often other", "often other"])
    asked = ["often", "other", "rare"]

    assert finding.coverage(alice.pk, asked, turns=TURNS_MAX) == finding.coverage(
        alice.pk, asked, turns=MANY_TURNS + 1
    )


# --- how many there are ---------------------------------------------------------------------------
def test_one_word_in_common_is_enough_until_somebody_said_very_much(
    alice: User, hers: Conversation
) -> None:
    worded(hers, ["cello shop leeds"])

    def is_found(text: str) -> bool:
        recalled = recollect(alice.pk, text, vector=None)
        return "cello shop leeds" in [turn.text for turn in recalled.turns]

    talked_on(hers, MANY_TURNS - 1)
    assert is_found("Do I have a cello, or a piano?")
    talked_on(hers, 1)
    assert not is_found("Do I have a cello, or a piano?")
    assert is_found("Do I have a cello of that shop?")
