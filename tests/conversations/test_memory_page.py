"""The page of what is known about somebody."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from conversations import embeddings, services
from conversations.models import Conversation, Memory, Turn, User
from tests.conversations.account import belongings
from tests.conversations.conftest import at, said

PAGE = "/memory/"


@pytest.fixture(autouse=True)
def _cold() -> None:
    """Words decide: the model takes seconds to load."""
    embeddings.unload()


def text_of(response: Any) -> str:
    return str(response.content.decode())


def items_of(response: Any) -> list[str]:
    """The facts on the page, as HTML."""
    return text_of(response).split('<li class="fact')[1:]


def source_in(conversation: Conversation) -> Turn:
    said(conversation, 3, "we have a dog")
    return conversation.utterances.get(number=3)


# --- what it shows --------------------------------------------------------------------------------
def test_an_empty_page_says_how_something_comes_there(as_alice: Client) -> None:
    page = text_of(as_alice.get(PAGE))

    assert "It knows nothing about you yet." in page
    assert f'href="{reverse("talk")}"' in page


def test_a_fact_leads_to_where_it_was_said(
    as_alice: Client, alice: User, hers: Conversation
) -> None:
    source = source_in(hers)
    belongings.fact(alice, "Has a <dog>", source=source, confidence=0.9, created_at=at(0))

    [item] = items_of(as_alice.get(PAGE))

    assert "Has a &lt;dog&gt;" in item
    assert "1 Mar 2026, 13:00" in item  # in Berlin
    assert f'href="{reverse("conversation", args=[hers.pk])}#turn-{source.pk}"' in item
    assert "From a conversation:" in item
    assert "may be wrong" not in item


@pytest.mark.parametrize(
    ("fields", "origin"),
    [
        ({}, "You told me to remember it"),
        ({"confidence": 0.9}, "From a conversation that is deleted"),
        ({"confidence": 0.5}, "may be wrong"),
    ],
)
def test_a_fact_says_where_it_comes_from(
    as_alice: Client, alice: User, fields: dict[str, Any], origin: str
) -> None:
    belongings.fact(alice, "Has a dog", **fields)

    [item] = items_of(as_alice.get(PAGE))

    assert origin in item


def test_pinned_facts_come_first_and_replaced_ones_stand_below_what_replaced_them(
    as_alice: Client, alice: User
) -> None:
    pinned = belongings.fact(alice, "I am vegan", pinned=True, created_at=at(0))
    newest = belongings.fact(alice, "I live in Rome", created_at=at(3))
    middle = belongings.fact(alice, "I live in Oslo", created_at=at(2), superseded_by=newest)
    belongings.fact(alice, "I live in Bern", created_at=at(1), superseded_by=middle)

    first, second = items_of(as_alice.get(PAGE))

    assert pinned.text in first
    assert '<details class="fact__earlier">' not in first
    assert "2 earlier" in second
    places = [second.index(city) for city in ("Rome", "Oslo", "Bern")]
    assert places == sorted(places)


def test_the_page_has_pages_and_few_queries(
    as_alice: Client, alice: User, hers: Conversation, django_assert_max_num_queries: Any
) -> None:
    source = source_in(hers)
    for number in range(21):
        new = belongings.fact(alice, f"Fact {number}", source=source)
        belongings.fact(alice, f"Old {number}", superseded_by=new)

    with django_assert_max_num_queries(5):
        first = as_alice.get(PAGE)
    second = as_alice.get(PAGE, {"page": 2})

    assert (len(items_of(first)), len(items_of(second))) == (20, 1)
    assert as_alice.get(PAGE, {"page": "x"}).status_code == 200


def test_searching_finds_facts_by_their_words_while_the_model_is_cold(
    as_alice: Client, alice: User, bob: User
) -> None:
    belongings.fact(alice, "My dogs are called Rex and Max")
    belongings.fact(alice, "I live in Rome")
    belongings.fact(bob, "My dog is called Bello")

    page = as_alice.get(PAGE, {"q": "dog"})
    nothing = as_alice.get(PAGE, {"q": "\0bicycle<"})

    [item] = items_of(page)
    assert "Rex and Max" in item
    assert "1 fact for “dog”" in text_of(page)
    assert "No fact about you has to do with that." in text_of(nothing)
    assert "“bicycle&lt;”" in text_of(nothing)


def test_searching_finds_what_was_said_and_leads_there(
    as_alice: Client, alice: User, bob: User
) -> None:
    conversation = belongings.conversation_of(alice, "quokka")
    his = belongings.conversation_of(bob, "bob")
    said_it = conversation.utterances.get(role=Turn.Role.USER)

    page = text_of(as_alice.get(PAGE, {"q": "dog"}))

    assert "my dog is called quokkadog" in page
    assert f'href="{reverse("conversation", args=[conversation.pk])}#turn-{said_it.pk}"' in page
    assert "bobdog" not in page
    assert str(his.pk) not in page


def test_searching_finds_facts_by_their_meaning(as_alice: Client, alice: User) -> None:
    embeddings.warm_up()
    services.remember(alice.pk, "My dog is called Rex")
    services.remember(alice.pk, "The meeting is on Monday")

    [item] = items_of(as_alice.get(PAGE, {"q": "pets"}))

    assert "Rex" in item


# --- what it changes ------------------------------------------------------------------------------
def test_a_corrected_fact_replaces_the_old_one_and_says_so(as_alice: Client, alice: User) -> None:
    wrong = belongings.fact(alice, "My dog is called Wrecks")

    response = as_alice.post(
        reverse("memory_correct", args=[wrong.pk]),
        {"text": " My dog is called\nRex ", "back": "page=2&evil=1"},
    )

    new = alice.memories.get(superseded_by=None)
    assert response.url == f"{PAGE}?page=2#fact-{new.pk}"
    [item] = items_of(as_alice.get(PAGE))
    assert "My dog is called Rex" in item
    assert "You corrected it" in item
    assert "Wrecks" in item


@pytest.mark.parametrize("text", ["", "   ", "x" * 501])
def test_a_correction_that_says_nothing_or_too_much_is_shown_again(
    as_alice: Client, alice: User, text: str
) -> None:
    fact = belongings.fact(alice, "My dog is called Rex")

    response = as_alice.post(reverse("memory_correct", args=[fact.pk]), {"text": text})

    assert response.status_code == 200
    assert 'aria-invalid="true"' in text_of(response)
    assert alice.memories.get() == fact


def test_a_fact_is_pinned_and_unpinned(as_alice: Client, alice: User) -> None:
    fact = belongings.fact(alice, "I am vegan")
    url = reverse("memory_pin", args=[fact.pk])

    response = as_alice.post(url, {"pinned": "1", "back": "q=food"})
    assert response.url == f"{PAGE}?q=food#fact-{fact.pk}"
    assert alice.memories.get().pinned

    as_alice.post(url, {"pinned": "0"})
    assert not alice.memories.get().pinned


def test_a_fact_is_forgotten_after_asking(as_alice: Client, alice: User) -> None:
    fact = belongings.fact(alice, "I am vegan")
    belongings.fact(alice, "I eat meat", superseded_by=fact)
    url = reverse("memory_forget", args=[fact.pk])

    page = text_of(as_alice.get(url, {"page": "2"}))
    assert "with the 1 earlier one that it replaced" in page
    assert 'name="back" value="page=2"' in page
    assert alice.memories.count() == 2

    response = as_alice.post(url, {"back": "page=2"})
    assert response.url == f"{PAGE}?page=2"
    assert not alice.memories.exists()


def test_everything_is_forgotten_after_saying_what_goes(as_alice: Client, alice: User) -> None:
    belongings.conversation_of(alice, "x")
    for number in range(3):
        belongings.fact(alice, f"Fact {number}")
    url = reverse("memory_forget_everything")

    page = text_of(as_alice.get(url))
    for part in ("3 facts about you", "2 past turns", "1 summary", "1 cached answer"):
        assert part in page
    assert alice.memories.count() == 3

    response = as_alice.post(url, follow=True)
    assert "It knows nothing about you yet." in text_of(response)
    assert "Nothing is stored about you yet." in text_of(as_alice.get(url))


@pytest.mark.parametrize(("origin", "back"), [("memory", "memory"), ("account", "account")])
def test_memory_is_switched_off_and_on(
    as_alice: Client, alice: User, origin: str, back: str
) -> None:
    url = reverse("memory_switch")

    response = as_alice.post(url, {"on": "0", "from": origin}, follow=True)
    alice.refresh_from_db()
    assert response.redirect_chain[0][0] == reverse(back)
    assert not alice.memory_on
    assert "Memory is off." in text_of(response)

    as_alice.post(url, {"on": "1", "from": origin})
    alice.refresh_from_db()
    assert alice.memory_on


def test_an_empty_page_without_memory_says_so(as_alice: Client, alice: User) -> None:
    services.set_memory(alice.pk, False)

    assert "while memory is off it stays so" in text_of(as_alice.get(PAGE))


# --- whose it is ----------------------------------------------------------------------------------
@pytest.mark.parametrize("page", ["memory_correct", "memory_pin", "memory_forget"])
def test_somebody_elses_fact_looks_like_none(as_alice: Client, bob: User, page: str) -> None:
    his = belongings.fact(bob, "I am Bob")

    for memory_id in (his.pk, his.pk + 1000):
        url = reverse(page, args=[memory_id])
        answers = [as_alice.post(url, {"text": "I am Alice", "pinned": "1"}).status_code]
        answers += [as_alice.get(url).status_code] if page != "memory_pin" else []
        assert set(answers) == {404}
    his.refresh_from_db()
    assert (his.text, his.pinned) == ("I am Bob", False)
    assert Memory.objects.count() == 1


def test_nobody_sees_or_forgets_somebody_elses(as_alice: Client, bob: User) -> None:
    belongings.fact(bob, "I am Bob")

    as_alice.post(reverse("memory_forget_everything"))
    as_alice.post(reverse("memory_switch"), {"on": "0"})

    bob.refresh_from_db()
    assert "I am Bob" not in text_of(as_alice.get(PAGE))
    assert bob.memories.count() == 1
    assert bob.memory_on


@pytest.mark.parametrize(
    "page", ["memory", "memory_forget_everything", "account", "account_delete", "account_data"]
)
def test_nobody_who_is_not_logged_in_gets_there(client: Client, db: None, page: str) -> None:
    url = reverse(page)

    assert client.get(url).url == f"{reverse('login')}?next={url}"


def test_no_page_has_a_script_or_a_style_inside(as_alice: Client, alice: User) -> None:
    """The content security policy would stop it."""
    fact = belongings.fact(alice, "I am vegan")
    names = ("memory", "memory_forget_everything", "account", "account_delete")
    urls = [reverse(name) for name in names]
    urls += [reverse(name, args=[fact.pk]) for name in ("memory_correct", "memory_forget")]

    for page in (text_of(as_alice.get(url)) for url in urls):
        assert not any(inside in page for inside in ("<style", " style=", "<script", " onclick"))


# --- the account ----------------------------------------------------------------------------------
def test_the_time_zone_is_set_on_the_account_page(as_alice: Client, alice: User) -> None:
    url = reverse("account")
    assert '<option value="Europe/Berlin" selected>' in text_of(as_alice.get(url))

    as_alice.post(url, {"time_zone": "Asia/Tokyo"})
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"

    nonsense = as_alice.post(url, {"time_zone": "../etc/passwd"})
    alice.refresh_from_db()
    assert nonsense.status_code == 200
    assert alice.time_zone == "Asia/Tokyo"


def test_every_page_leads_to_the_account_and_to_what_is_known(as_alice: Client) -> None:
    page = text_of(as_alice.get(reverse("conversations")))

    assert f'href="{reverse("account")}"' in page
    assert page.count(f'href="{PAGE}"') == 2  # in the header, and in the menu for narrow screens
