"""What is remembered about a user, and what of it comes back when they speak."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from conversations import embeddings, memory, services
from conversations.models import EMBEDDING_DIMENSIONS, FACT_LENGTH, Memory, User


@pytest.fixture
def warm() -> None:
    embeddings.warm_up()


@pytest.fixture
def cold() -> Iterator[None]:
    """The model is not loaded yet, as in the first seconds after a start."""
    embeddings.unload()
    yield
    embeddings.unload()


FACTS = (
    "my dog's name is Rex",
    "I am allergic to nuts",
    "my sister lives in Berlin",
    "I work as a nurse",
)


def remembered(user: User, *facts: str) -> None:
    for fact in facts:
        services.remember(user.pk, fact)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what is my puppy called?", "my dog's name is Rex"),
        ("what's my job?", "I work as a nurse"),
        ("where does my sister live?", "my sister lives in Berlin"),
    ],
)
def test_a_question_brings_back_the_fact_that_answers_it(
    alice: User, warm: None, question: str, answer: str
) -> None:
    remembered(alice, *FACTS)

    assert memory.recall(alice.pk, question)[0] == answer


def test_a_question_about_something_else_brings_nothing_back(alice: User, warm: None) -> None:
    remembered(alice, *FACTS)

    assert memory.recall(alice.pk, "what is two plus two?") == []


def test_before_the_model_is_warm_words_decide(alice: User, cold: None) -> None:
    remembered(alice, *FACTS)

    assert memory.recall(alice.pk, "what are the names of my dogs?") == ["my dog's name is Rex"]
    assert memory.recall(alice.pk, "what is the time?") == []


def test_more_words_in_common_come_first(alice: User, cold: None) -> None:
    remembered(alice, "my sister lives in Berlin", "my sister's dog lives in Berlin")

    first, second = memory.recall(alice.pk, "where does my sister's dog live, in Berlin?")

    assert (first, second) == ("my sister's dog lives in Berlin", "my sister lives in Berlin")


def test_facts_from_before_the_model_was_warm_are_found_beside_the_others(alice: User) -> None:
    embeddings.unload()
    remembered(alice, "my dog's name is Rex")
    embeddings.warm_up()
    remembered(alice, "my puppy likes carrots")

    assert set(memory.recall(alice.pk, "tell me about my dog")) == {
        "my dog's name is Rex",
        "my puppy likes carrots",
    }


def test_facts_from_before_the_model_was_warm_get_their_embedding_later(alice: User) -> None:
    embeddings.unload()
    remembered(alice, *FACTS)
    embeddings.warm_up()

    assert services.embed_memories(batch=3) == len(FACTS)
    assert not Memory.objects.filter(embedding=None).exists()
    assert memory.recall(alice.pk, "what is my puppy called?") == ["my dog's name is Rex"]


def test_nobody_is_told_what_somebody_else_said(alice: User, bob: User, warm: None) -> None:
    remembered(bob, "my dog's name is Rex")

    assert memory.recall(alice.pk, "what is my dog's name?") == []


def test_a_thousand_nearer_facts_of_others_hide_none_of_ours(
    alice: User, bob: User, warm: None
) -> None:
    question = "what is my dog's name?"
    [nearest] = embeddings.embed([question])
    Memory.objects.bulk_create(
        Memory(user=bob, text=f"fact {number}", embedding=nearest) for number in range(1000)
    )
    remembered(alice, *FACTS)
    with connection.cursor() as cursor:  # the planner of a big table, which likes the index better
        cursor.execute("SET LOCAL enable_sort = off")

    assert memory.recall(alice.pk, question) == ["my dog's name is Rex"]


def test_a_fact_that_a_newer_one_replaced_stays_out(alice: User, warm: None) -> None:
    remembered(alice, "my dog's name is Rex", "my dog's name is Max")
    old, new = Memory.objects.order_by("pk")
    old.superseded_by = new
    old.save()

    assert memory.recall(alice.pk, "what is my dog's name?") == ["my dog's name is Max"]


def test_no_more_come_back_than_were_asked_for(alice: User, warm: None) -> None:
    remembered(alice, *(f"my dog number {number} is called Rex" for number in range(4)))

    assert len(memory.recall(alice.pk, "my dog", limit=3)) == 3


def test_asked_for_nothing_in_particular_the_newest_come_back(alice: User, cold: None) -> None:
    remembered(alice, *FACTS)

    assert len(memory.recall(alice.pk, " ", limit=3)) == 3


@pytest.mark.parametrize(
    "strange", ["'; drop table", "or and not -", '"', "<->", "!!", "\u0000x", "\ud800"]
)
def test_strange_words_are_just_words(alice: User, cold: None, strange: str) -> None:
    remembered(alice, *FACTS)

    assert memory.recall(alice.pk, strange) == []


def test_the_same_fact_is_kept_once(alice: User, cold: None) -> None:
    first = services.remember(alice.pk, "I like tea")
    second = services.remember(alice.pk, " i  like tea")

    assert first == second


@pytest.mark.parametrize("fact", ["", "  ", "x" * (FACT_LENGTH + 1)])
def test_a_fact_that_is_none_is_refused(alice: User, cold: None, fact: str) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        services.remember(alice.pk, fact)


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


def test_each_text_has_a_unit_vector_of_the_size_the_database_holds(warm: None) -> None:
    vectors = embeddings.embed(["good morning", "good evening"])

    assert [len(vector) for vector in vectors] == [EMBEDDING_DIMENSIONS] * 2
    assert all(sum(x * x for x in vector) == pytest.approx(1, abs=1e-4) for vector in vectors)


def test_no_texts_have_no_vectors(cold: None) -> None:
    assert embeddings.embed([]) == []
    assert not embeddings.ready()


def test_the_model_is_ready_once_it_is_warm(cold: None) -> None:
    assert embeddings.embed_if_ready("hello") is None

    embeddings.warm_up()

    assert embeddings.ready()
    assert embeddings.embed_if_ready("hello") is not None


def test_a_model_of_another_size_is_an_error_that_names_both_sizes(tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel

    words = Tokenizer(WordLevel({"hello": 0, "[UNK]": 1}, unk_token="[UNK]"))
    small = SentenceTransformer(modules=[StaticEmbedding(words, embedding_dim=8)], device="cpu")
    small.save(str(tmp_path))

    with pytest.raises(embeddings.ModelUnusable, match="8 dimensions, the database holds 384"):
        embeddings.load(str(tmp_path))


def test_a_model_that_is_not_there_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(embeddings.ModelUnusable, match="EMBEDDING_MODEL='/no/such/folder'"):
        embeddings.load("/no/such/folder")
