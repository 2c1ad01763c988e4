"""Which past turns answer best."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from conversations.memory.kinds import asked_for
from conversations.memory.ranking import (
    TURN_TOKENS_MAX,
    Candidate,
    asked_before,
    bearing,
    distinct,
    scores,
    tokens,
    with_neighbours,
    within,
)
from conversations.memory.recalled import PastTurn
from conversations.memory.speakers import Role

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def turn(id: int, text: str = "I live in Leeds now.", **changes: object) -> PastTurn:
    values = {"conversation": UUID(int=1), "at": NOW - timedelta(days=400), "role": "user"}
    return PastTurn(id=id, text=text, **{**values, "number": id, **changes})  # type: ignore[arg-type]


def better(one: Candidate, other: Candidate, role: Role | None = None) -> bool:
    found = scores([one, other], role, NOW)
    return found[one.turn.id] > found[other.turn.id]


def plain(
    number: int = 0, *, near: float = 0.5, coverage: float = 0.0, words: int = 3
) -> Candidate:
    return Candidate(turn(number), near, coverage, words)


def test_what_is_nearer_in_meaning_is_better() -> None:
    assert better(plain(1, near=0.6), plain(2, near=0.5))


def test_having_the_words_outweighs_a_little_meaning() -> None:
    assert better(plain(1, near=0.45, coverage=0.5), plain(2, near=0.5))


def test_the_words_of_whom_the_question_is_about_count_more() -> None:
    hers, his = Candidate(turn(1), 0.5, 0, 3), Candidate(turn(2, role="assistant"), 0.5, 0, 3)

    assert better(hers, his, "user")
    assert better(his, hers, "assistant")


def test_who_says_something_beats_who_nods() -> None:
    assert better(plain(1, words=8), plain(2, words=1))
    found = scores([plain(1, words=8), plain(2, words=80)], None, NOW)
    assert found[1] == found[2]


def test_a_question_is_no_answer() -> None:
    asking = Candidate(turn(2, "Where do you live?"), 0.5, 0, 3)

    assert better(plain(1), asking)


def test_of_two_alike_the_newer_wins() -> None:
    newer = Candidate(turn(1, at=NOW - timedelta(days=1)), 0.5, 0, 3)

    assert better(newer, plain(2))


@pytest.mark.parametrize(
    ("question", "answers", "does_not"),
    [
        ("When did I get the dog?", "He came last Saturday.", "He came in a box."),
        ("How many dogs do I have?", "There are three of them.", "There are some of them."),
        ("Who has my dog?", "He is with Maria now.", "He is with somebody now."),
        ("What is my dog called?", "Well, that is Rex.", "Well, that is a secret."),
    ],
)
def test_what_has_the_kind_of_thing_that_is_asked_for_is_better(question, answers, does_not):
    candidates = [Candidate(turn(1, answers), 0.5, 0, 3), Candidate(turn(2, does_not), 0.55, 0, 3)]
    asked = scores(candidates, None, NOW, asked_for(question))
    why = scores(candidates, None, NOW, asked_for("Why do I have a dog?"))

    assert asked[1] > asked[2]
    assert why[1] < why[2]


def test_what_stands_beside_a_hit_is_lifted_and_less_so_by_a_poor_one() -> None:
    alone = {1: 0.9, 2: 0.3, 3: 0.3, 4: 0.3}
    links = {1: {2: 1}, 2: {1: 1, 3: 1}, 3: {2: 1}}

    found = with_neighbours(map(plain, alone), alone, links)

    assert found[2] > found[3] > found[4] == alone[4]


def test_a_neighbour_that_was_not_found_lifts_nothing() -> None:
    assert with_neighbours([plain(1)], {1: 0.5}, {1: {7: 1, 8: 2}}) == {1: 0.5}


def test_what_was_said_to_a_question_is_lifted_more_than_what_led_to_it() -> None:
    said = ["We had a day!", "What are the twins called?", "Lupe and Mateo."]
    dialogue = [
        Candidate(turn(id, text, at=NOW + timedelta(seconds=id)), 0.5, 0, 3)
        for id, text in enumerate(said, 1)
    ]
    alone = {1: 0.5, 2: 0.8, 3: 0.5}
    links = {1: {2: 1}, 2: {1: 1, 3: 1}, 3: {2: 1}}

    found = with_neighbours(dialogue, alone, links)

    assert found[3] > found[1] > alone[1]


def test_what_has_nothing_to_do_with_the_question_is_no_answer_to_it() -> None:
    far, near, covering = plain(1, near=0.1), plain(2, near=0.3), plain(3, near=0.1, coverage=0.2)

    assert bearing([far, near, covering], {}, is_personal=True) == {2, 3}
    assert bearing([far, near, covering], {}, is_personal=False) == set()


def test_what_stands_right_beside_an_answer_comes_with_it() -> None:
    answer, beside, further = plain(1, near=0.6), plain(2, near=0.1), plain(3, near=0.1)

    found = bearing([answer, beside, further], {1: {2: 1, 3: 2}}, is_personal=False)

    assert found == {1, 2}


def test_what_was_asked_before_is_known_with_its_answer() -> None:
    asking = Candidate(turn(1, "Who wrote Faust?"), 0.9, 1, 2)
    answer = Candidate(turn(2, "Goethe did.", number=1, role="assistant"), 0.5, 0, 1)
    other = Candidate(turn(3, "Who wrote Faust, and when?"), 0.8, 1, 2)
    parrot = Candidate(turn(4, "Who wrote Faust?", role="assistant"), 0.9, 1, 2)

    assert asked_before("who wrote Faust", [asking, answer, other, parrot]) == {1, 2}


def test_what_was_said_twice_is_told_once() -> None:
    first, again = turn(1, "I love figs."), turn(2, "i love figs")
    hers = turn(3, "I love figs.", role="assistant")

    assert list(distinct([first, again, hers])) == [first, hers]


def test_the_prompt_takes_what_fits_and_no_more() -> None:
    turns = [turn(number, f"sentence number {number}") for number in range(10)]
    room = sum(tokens(one.text) for one in turns[:4])

    assert list(within(turns, room)) == turns[:4]
    assert list(within(turns, room - 1)) == turns[:3]


def test_a_long_turn_is_cut_at_a_word() -> None:
    [cut] = within([turn(1, "word " * 500)], 1000)

    assert cut.text.endswith("word …")
    assert tokens(cut.text) <= TURN_TOKENS_MAX + tokens("")
