"""Facts that a user asks for, corrects and pins."""

import pytest

from conversations import embeddings, facts, services
from conversations.models import FACT_LENGTH, Conversation, Memory, User
from tests.conversations.conftest import said


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


def current(user: User) -> set[str]:
    return set(facts.current(user.pk).values_list("text", flat=True))


def distilled(user: User, text: str) -> Memory:
    return Memory.objects.create(user=user, text=text, confidence=0.8)


def test_another_value_of_the_same_thing_replaces_the_old_one(alice: User) -> None:
    old = services.remember(alice.pk, "my favourite colour is blue")
    new = services.remember(alice.pk, "my favourite colour is green")

    old.refresh_from_db()
    assert old.superseded_by == new
    assert facts.recall(alice.pk, "what is my favourite colour?") == [new.text]


def test_it_is_known_in_which_turn_a_fact_was_told(alice: User, hers: Conversation) -> None:
    said(hers, 1, "remember that I like tea")
    told = services.remember(alice.pk, "I like tea", hers.pk, 1)
    on_its_way = services.remember(alice.pk, "I like coffee", hers.pk, 2)
    said(hers, 2, "and that I like coffee")

    on_its_way.refresh_from_db()
    assert [fact.source and fact.source.text for fact in (told, on_its_way)] == [
        "remember that I like tea",
        "and that I like coffee",
    ]


def test_no_fact_points_into_the_conversation_of_somebody_else(
    bob: User, hers: Conversation
) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        services.remember(bob.pk, "I like tea", hers.pk, 1)

    assert not Memory.objects.exists()


def test_what_can_have_many_values_keeps_them(alice: User) -> None:
    services.remember(alice.pk, "I like tea")
    services.remember(alice.pk, "I like coffee")

    assert current(alice) == {"I like tea", "I like coffee"}


def test_a_value_of_somebody_elses_is_left_alone(alice: User, bob: User) -> None:
    services.remember(bob.pk, "my favourite colour is blue")
    services.remember(alice.pk, "my favourite colour is green")

    assert current(bob) == {"my favourite colour is blue"}


def test_a_value_that_comes_back_holds_again(alice: User) -> None:
    for colour in ("blue", "green", "blue"):
        services.remember(alice.pk, f"my favourite colour is {colour}")

    assert current(alice) == {"my favourite colour is blue"}
    assert Memory.objects.count() == 3


def test_a_pin_goes_over_to_the_new_value(alice: User) -> None:
    old = services.remember(alice.pk, "I live in Berlin")
    services.pin(old.pk, alice.pk, True)

    services.remember(alice.pk, "I live in Rome")

    assert facts.current(alice.pk).get().pinned


def test_what_a_model_had_found_becomes_the_users_word(alice: User) -> None:
    distilled(alice, "I like tea")

    assert services.remember(alice.pk, "i like tea").confidence == 1.0
    assert Memory.objects.get().confidence == 1.0


def test_nothing_is_remembered_while_memory_is_off(alice: User) -> None:
    services.set_memory(alice.pk, False)

    with pytest.raises(ValueError, match=r"^Memory is switched off, so nothing is remembered\.$"):
        services.remember(alice.pk, "I like tea")
    assert not Memory.objects.exists()


def test_a_correction_replaces_the_fact_and_keeps_it(alice: User) -> None:
    old = distilled(alice, "My sister lives in Berlin.")
    services.pin(old.pk, alice.pk, True)

    new = services.correct(old.pk, alice.pk, "  My sister lives\nin Paris. ")

    old.refresh_from_db()
    assert old.superseded_by == new
    assert (new.text, new.source, new.confidence, new.pinned) == (
        "My sister lives in Paris.",
        None,
        1.0,
        True,
    )


def test_a_correction_to_a_fact_that_is_there_is_that_fact(alice: User) -> None:
    known = distilled(alice, "I have a cat.")
    wrong = distilled(alice, "I have a hat.")

    assert services.correct(wrong.pk, alice.pk, "i have a cat.") == known
    assert current(alice) == {"I have a cat."}
    known.refresh_from_db()
    assert known.confidence == 1.0


def test_a_correction_that_changes_nothing_is_the_fact(alice: User) -> None:
    fact = distilled(alice, "I have a cat.")

    assert services.correct(fact.pk, alice.pk, "I have a cat.") == fact
    assert current(alice) == {"I have a cat."}


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_a_correction_that_is_no_fact_is_refused(alice: User, text: str) -> None:
    fact = distilled(alice, "I have a cat.")

    with pytest.raises(ValueError, match="1 to 500"):
        services.correct(fact.pk, alice.pk, text)


def test_a_fact_is_pinned_and_unpinned(alice: User) -> None:
    fact = distilled(alice, "I have a cat.")

    services.pin(fact.pk, alice.pk, True)
    assert facts.recall(alice.pk, "what is two plus two?") == ["I have a cat."]

    services.pin(fact.pk, alice.pk, False)
    assert facts.recall(alice.pk, "what is two plus two?") == []


def test_nobody_changes_a_fact_of_somebody_else(alice: User, bob: User) -> None:
    fact = distilled(bob, "I have a cat.")

    with pytest.raises(Memory.DoesNotExist):
        services.correct(fact.pk, alice.pk, "I have a dog.")
    with pytest.raises(Memory.DoesNotExist):
        services.pin(fact.pk, alice.pk, True)
    with pytest.raises(Memory.DoesNotExist):
        services.forget_fact(fact.pk, alice.pk)
    fact.refresh_from_db()
    assert (fact.text, fact.pinned, fact.superseded_by) == ("I have a cat.", False, None)


def test_what_was_replaced_is_history(alice: User) -> None:
    old = distilled(alice, "I have a cat.")
    services.correct(old.pk, alice.pk, "I have a dog.")

    with pytest.raises(Memory.DoesNotExist):
        services.correct(old.pk, alice.pk, "I have a horse.")
    with pytest.raises(Memory.DoesNotExist):
        services.pin(old.pk, alice.pk, True)


def test_the_same_fact_is_kept_once(alice: User) -> None:
    first = services.remember(alice.pk, "I like tea")
    second = services.remember(alice.pk, " i  like tea")

    assert first == second


@pytest.mark.parametrize("fact", ["", "  ", "x" * (FACT_LENGTH + 1)])
def test_a_fact_that_is_none_is_refused(alice: User, fact: str) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        services.remember(alice.pk, fact)
