"""Which facts are meant by "forget that ..."."""

from conversations import services
from conversations.models import Memory, User
from tests.conversations.facts.remembered import FACTS, remembered


def test_forgetting_goes_by_meaning(alice: User, warm: None) -> None:
    remembered(alice, *FACTS)

    assert services.forget(alice.pk, "my dog is called Rex") == 1
    assert not Memory.objects.filter(text__contains="Rex").exists()


def test_forgetting_goes_by_words_before_the_model_is_warm(alice: User, cold: None) -> None:
    remembered(alice, *FACTS)

    assert services.forget(alice.pk, "my dog's name") == 1
    assert Memory.objects.count() == len(FACTS) - 1


def test_a_like_fact_is_not_forgotten_with_it(alice: User, warm: None) -> None:
    remembered(alice, "my favourite colour is blue")

    assert services.forget(alice.pk, "my favourite colour is green") == 0


def test_forgetting_takes_the_replaced_facts_too(alice: User, cold: None) -> None:
    remembered(alice, "my dog's name is Rex", "my dog's name is Max")
    old, new = Memory.objects.order_by("pk")
    old.superseded_by = new
    old.save()

    assert services.forget(alice.pk, "my dog's name") == 2


def test_nobody_forgets_for_somebody_else(alice: User, bob: User, cold: None) -> None:
    remembered(bob, *FACTS)

    assert services.forget(alice.pk, "my dog's name") == 0
    assert Memory.objects.count() == len(FACTS)


def test_forgetting_nothing_in_particular_forgets_nothing(alice: User, cold: None) -> None:
    remembered(alice, *FACTS)

    assert services.forget(alice.pk, "that it is the") == 0
