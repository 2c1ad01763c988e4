"""All that is kept of somebody, as one document, and nothing of anybody else."""

import json
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.account import streaming, takeout
from conversations.models import Memory, Turn, User
from tests.conversations.account import belongings
from tests.conversations.conftest import at

Document = dict[str, Any]
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)


def taken_out(user: User) -> Document:
    document = json.loads("".join(takeout.document_of(user)))
    assert isinstance(document, dict)
    return document


@async_to_sync
async def fetched(user: User) -> Any:
    client = AsyncClient()
    await client.aforce_login(user)
    response = await client.get(reverse("account_data"))
    body = b"".join([block async for block in response.streaming_content])
    return response, json.loads(body)


def test_a_new_account_is_a_document_with_nothing_in_it(alice: User) -> None:
    document = taken_out(alice)

    assert list(document) == [
        "format",
        "exported_at",
        "account",
        "conversations",
        "facts",
        "cached_answers",
    ]
    assert document["format"] == 1
    assert document["account"]["username"] == "alice"
    assert document["account"]["memory_on"] is True
    assert document["conversations"] == document["facts"] == document["cached_answers"] == []


def test_the_document_has_everything_but_the_password(alice: User) -> None:
    conversation = belongings.conversation_of(alice, "quokka")
    source = conversation.utterances.get(role=Turn.Role.USER)
    new = belongings.fact(alice, "my dog is called Max", source=source, confidence=0.6, pinned=True)
    old = belongings.fact(alice, "my dog is called Rex", superseded_by=new)

    document = taken_out(alice)

    [kept] = document["conversations"]
    assert kept["id"] == str(conversation.pk)
    assert (kept["title"], kept["summary"]) == ("About quokkatitle", "They have quokkasummary.")
    assert [session["client"] for session in kept["sessions"]] == ["quokkabrowser"]
    question, reply = kept["turns"]
    assert question["text"] == "my dog is called quokkadog"
    assert reply["sources"] == [{"title": "quokkasource", "url": "https://example.org/quokkaurl"}]
    assert reply["metrics"] == {"note": "quokkametric"}
    facts = {fact["id"]: fact for fact in document["facts"]}
    assert facts[old.pk]["replaced_by"] == new.pk
    assert facts[new.pk]["conversation_id"] == str(conversation.pk)
    assert (facts[new.pk]["turn_id"], facts[new.pk]["confidence"]) == (source.pk, 0.6)
    [cached] = document["cached_answers"]
    assert (cached["question"], cached["only_for_you"]) == ("What about quokkaquestion?", False)
    assert alice.password not in json.dumps(document)


def test_times_are_those_of_the_users_zone(alice: User) -> None:
    Memory.objects.create(user=alice, text="I like tea", created_at=at(0))

    [fact] = taken_out(alice)["facts"]

    assert fact["created_at"] == "2026-03-01T13:00:00+01:00"


def test_the_file_is_sent_to_its_owner_alone(alice: User, bob: User, client: Client) -> None:
    belongings.conversation_of(alice, "alice")
    belongings.conversation_of(bob, "bob")

    response, document = fetched(alice)

    assert response["Content-Disposition"] == 'attachment; filename="voice-assistant-data.json"'
    assert response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"]
    assert "alicedog" in json.dumps(document)
    assert "bobdog" not in json.dumps(document)
    url = reverse("account_data")
    assert client.get(url).url == f"{reverse('login')}?next={url}"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    hers=st.lists(WORDS, max_size=4),
    his=st.lists(WORDS, max_size=4),
    shared=WORDS,
)
def test_nothing_of_one_is_ever_in_the_document_of_another(
    alice: User, bob: User, hers: list[str], his: list[str], shared: str
) -> None:
    for user, words in ((alice, [*hers, shared]), (bob, [*his, shared])):
        user.conversations.all().delete()
        user.memories.all().delete()
        for word in words:
            belongings.conversation_of(user, f"{user.username}:{word}:")
            belongings.fact(user, f"{user.username}:{word}")

    documents = taken_out(alice), taken_out(bob)

    for document, owner, words in zip(documents, ("alice", "bob"), (hers, his), strict=True):
        texts = [fact["text"] for fact in document["facts"]]
        assert texts == [f"{owner}:{word}" for word in (*words, shared)]
        other = "bob:" if owner == "alice" else "alice:"
        kept = json.dumps(document, ensure_ascii=False).replace(f"{owner}:", "")
        assert len(document["conversations"]) == len(document["cached_answers"]) == len(texts)
        assert other not in kept


def test_a_long_history_takes_as_many_queries_as_it_has_conversations(
    alice: User, django_assert_num_queries: Any
) -> None:
    conversation = belongings.conversation_of(alice, "quokka")
    Turn.objects.bulk_create(
        Turn(
            conversation=conversation,
            number=number,
            role=Turn.Role.USER,
            text="hello",
            started_at=at(number),
            ended_at=at(number),
        )
        for number in range(2, 1502)
    )

    with django_assert_num_queries(5):
        document = taken_out(alice)

    assert len(document["conversations"][0]["turns"]) == 1502


def test_what_is_sent_comes_in_blocks_and_ends_where_nobody_listens() -> None:
    made = []

    def pieces() -> Any:
        try:
            for number in range(1000):
                made.append(number)
                yield "x" * 1024
        finally:
            made.append("closed")

    @async_to_sync
    async def first(streamed: streaming.Streamed) -> bytes:
        block: bytes = await anext(streamed)
        return block

    streamed = streaming.Streamed(pieces())
    assert len(first(streamed)) == streaming.BLOCK_BYTES
    streamed.close()

    assert made == [*range(64), "closed"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_file_is_only_ever_read(as_alice: Client, method: str) -> None:
    assert getattr(as_alice, method)(reverse("account_data")).status_code == 405
