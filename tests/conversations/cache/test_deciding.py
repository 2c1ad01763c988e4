"""Whether an answer to one question is given to another."""

from conversations.cache import may_answer


def test_words_alone_are_enough_in_any_language():
    assert may_answer("Wie spät ist es?", "wie spät ist es", 0.0, language="de")


def test_near_is_not_enough_where_the_words_are_not_known():
    assert not may_answer("Wie alt ist Bach?", "Wie alt wurde Bach?", 0.99, language="de")


def test_the_same_question_in_other_words_has_to_be_near_as_well():
    one, other = "What is the best way to learn Python?", "How do I learn Python?"

    assert may_answer(one, other, 0.95)
    assert not may_answer(one, other, 0.5)
