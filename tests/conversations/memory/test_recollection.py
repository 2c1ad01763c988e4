"""What past turns come back when somebody asks, from the real database by the real model."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations import embeddings, services
from conversations.memory import passages, recollect, search
from conversations.models import Agent, Conversation, Turn, User
from tests.conversations.conftest import answered, said


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


def talked(conversation: Conversation, *lines: tuple[str, str]) -> None:
    """What the user said and what the assistant answered, some seconds later each time."""
    first = conversation.utterances.filter(role=Turn.Role.USER).count()
    for number, (text, reply) in enumerate(lines, first + 1):
        said(conversation, number, text, seconds=number * 10)
        answered(conversation, number, reply, reply=number, seconds=number * 10 + 5)
    passages.embed(conversation.utterances.values_list("pk", flat=True))


def found(
    user: User, text: str, *, conversation_id: UUID | None = None, known_from: int = 0
) -> list[str]:
    [vector] = embeddings.embed([text])
    recalled = recollect(
        user.pk, text, vector=vector, conversation_id=conversation_id, known_from=known_from
    )
    return [turn.text for turn in recalled.turns]


CELLO = (
    ("I rented a cello from a shop in Headingley.", "How lovely. Do you have a teacher?"),
    ("Yes, he is called Marek and comes on Thursdays.", "Good luck with it."),
)
CAR = (
    ("My old car failed its test again.", "What was wrong this time?"),
    ("The brakes. It cost four hundred pounds.", "Ouch."),
)


def test_a_question_brings_back_the_turn_that_answers_it(alice: User, hers: Conversation) -> None:
    talked(hers, *CELLO, *CAR)

    assert found(alice, "Which instrument did I hire?")[0] == CELLO[0][0]
    assert CAR[1][0] in found(alice, "How much was the repair of the brakes?")[:2]


def test_an_answer_is_found_by_the_question_it_followed(alice: User, hers: Conversation) -> None:
    talked(hers, *CAR, ("Any news?", "Did you ever hear back about the job at the bakery?"))
    talked(hers, ("Turned it down actually.", "Oh. Fair enough."))

    assert "Turned it down actually." in found(alice, "What became of the job at the bakery?")[:3]


def test_a_question_may_call_the_user_by_name(alice: User, hers: Conversation) -> None:
    User.objects.filter(pk=alice.pk).update(first_name="Priya")
    talked(hers, *CELLO, *CAR)

    assert found(alice, "Which instrument did Priya hire?")[0] == CELLO[0][0]


def test_without_an_embedding_words_decide(alice: User, hers: Conversation) -> None:
    talked(hers, *CELLO, *CAR)

    recalled = recollect(alice.pk, "who is Marek?", vector=None)

    assert recalled.turns[0].text == CELLO[1][0]


def test_words_with_quotes_and_backslashes_can_be_looked_for(
    alice: User, hers: Conversation
) -> None:
    odd = r"The folder is C:\temp\o'brien & sons | 'x':* and <-> !that"
    talked(hers, (odd, "I see."))

    assert recollect(alice.pk, f"Was it {odd}?", vector=None).turns[0].text == odd


@pytest.mark.parametrize("text", ["", "   ", "\0", "the", "?!", "\ud800"])
def test_a_question_without_words_is_answered_with_care(
    alice: User, hers: Conversation, text: str
) -> None:
    talked(hers, *CELLO)

    recollect(alice.pk, text, vector=None)
    search(alice.pk, text)


def test_what_stands_in_the_prompt_already_is_left_out(alice: User, hers: Conversation) -> None:
    talked(hers, *CELLO, *CAR)

    texts = found(alice, "Which instrument did I hire?", conversation_id=hers.pk, known_from=2)

    assert CELLO[0][0] in texts
    assert CELLO[1][0] not in texts
    assert not found(alice, "Which instrument?", conversation_id=hers.pk, known_from=1)


def test_nothing_is_recalled_for_who_switched_memory_off(alice: User, hers: Conversation) -> None:
    talked(hers, *CELLO)
    services.remember(alice.pk, "I play the cello")
    User.objects.filter(pk=alice.pk).update(memory_on=False)

    recalled = recollect(alice.pk, "Which instrument do I play?", vector=None)

    assert (recalled.facts, recalled.turns) == ((), ())


def test_a_question_about_the_world_brings_nothing_back(alice: User, hers: Conversation) -> None:
    talked(hers, *CELLO, *CAR)

    assert found(alice, "What is the capital of France?") == []
    assert found(alice, "How many legs does a spider have?") == []


def test_the_same_question_about_the_world_does_not_bring_back_itself(
    alice: User, hers: Conversation
) -> None:
    talked(hers, ("What is the capital of France?", "The capital of France is Paris."), *CELLO)

    assert found(alice, "what is the capital of France") == []
    assert found(alice, "Which instrument did I hire?")[0] == CELLO[0][0]


def test_a_question_about_somebody_they_spoke_of_is_answered(
    alice: User, hers: Conversation
) -> None:
    talked(hers, *CELLO, *CAR)

    assert CELLO[1][0] in found(alice, "On which day does Marek come?")


def test_a_page_searches_everything_that_was_said(alice: User, hers: Conversation) -> None:
    talked(hers, *CELLO, *CAR)

    [first, *_] = search(alice.pk, "a rented musical instrument", limit=3)

    assert first.text == CELLO[0][0]
    assert first.conversation == hers.pk


def test_an_agent_of_another_language_is_searched_by_its_own_words(
    alice: User, hers: Conversation
) -> None:
    Agent.objects.filter(pk=hers.agent_id).update(language="de")
    talked(hers, ("Ich habe zwei Katzen gekauft.", "Schön."))

    recalled = recollect(alice.pk, "die Katze", vector=None, conversation_id=hers.pk, known_from=9)

    assert [turn.text for turn in recalled.turns][:1] == ["Ich habe zwei Katzen gekauft."]


WORDS = st.sampled_from(["cello", "car", "brakes", "teacher", "Marek", "Leeds", "nuts", "fig"])
SAYINGS = st.lists(st.lists(WORDS, min_size=1, max_size=5).map(" ".join), max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(of_alice=SAYINGS, of_bob=SAYINGS, question=st.lists(WORDS, min_size=1, max_size=4))
def test_nothing_of_one_user_ever_comes_back_to_the_other(
    alice: User,
    bob: User,
    hers: Conversation,
    his: Conversation,
    of_alice: list[str],
    of_bob: list[str],
    question: list[str],
) -> None:
    """Each word stands for somebody by a mark of its own, which no other word has."""
    Turn.objects.all().delete()
    talked(hers, *((f"{text} alice", "yes alice") for text in of_alice))
    talked(his, *((f"{text} bob", "yes bob") for text in of_bob))
    text = " ".join(question)

    for user, other in ((alice, "bob"), (bob, "alice")):
        [vector] = embeddings.embed([text])
        recalled = recollect(user.pk, text, vector=vector, conversation_id=hers.pk, known_from=99)
        assert not any(other in turn.text for turn in (*recalled.turns, *search(user.pk, text)))
