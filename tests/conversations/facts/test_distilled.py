"""What becomes of the facts that a language model finds in a conversation that ended."""

from collections.abc import Callable

import pytest
from django.db import connection

from conversations import embeddings, facts, services
from conversations.facts import distilled, pieces
from conversations.facts.distilled import DistilledFact
from conversations.facts.pieces import Piece, whole_exchanges
from conversations.models import Agent, Conversation, Memory, Turn, User
from tests.conversations.conftest import answered, at, said

BLUE, GREEN = "My favourite colour is blue.", "My favourite colour is green."


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


@pytest.fixture
def talk(hers: Conversation) -> Conversation:
    """Three exchanges; it ended."""
    for number, text in enumerate(["My dog is Rex.", "I like green.", "Well, goodbye."], 1):
        said(hers, number, text, seconds=10 * number)
        answered(hers, number, "I see.", reply=number, seconds=10 * number + 3)
    services.end_conversation(hers.pk)
    return hers


def piece_of(talk: Conversation, **how: int) -> Piece:
    piece = pieces.next_piece(talk.pk, **how)
    assert piece is not None
    return piece


def keep(talk: Conversation, *found: DistilledFact) -> int:
    """As if the model had found these in the whole of it."""
    return distilled.keep(piece_of(talk), found)


def found(text: str, turn: int = 2, confidence: float = 0.9, **how: int) -> DistilledFact:
    return DistilledFact(text, turn, confidence, **how)


def known(user: User, text: str, *, seconds: float = -1000, **fields: object) -> Memory:
    [vector] = embeddings.embed([text])
    fields = {"confidence": 0.8, "created_at": at(seconds)} | fields
    return Memory.objects.create(user=user, text=text, embedding=vector, **fields)


def current(user: User) -> set[str]:
    return set(facts.current(user.pk).values_list("text", flat=True))


def test_a_fact_has_its_source_time_and_confidence(alice: User, talk: Conversation) -> None:
    assert keep(talk, found("My dog is called Rex.", turn=1, confidence=0.7)) == 1

    fact = Memory.objects.get()
    source = talk.utterances.get(number=1, role="user")
    assert (fact.user, fact.source, fact.created_at) == (alice, source, source.started_at)
    assert (fact.text, fact.confidence, fact.pinned) == ("My dog is called Rex.", 0.7, False)
    assert facts.recall(alice.pk, "what is my puppy called?") == [fact.text]


def test_nothing_is_as_sure_as_what_the_user_asked_to_remember(talk: Conversation) -> None:
    keep(talk, found("My dog is called Rex.", confidence=1.0))

    assert Memory.objects.get().confidence == distilled.CONFIDENCE_MAX


def test_a_piece_is_worked_off_once(talk: Conversation) -> None:
    piece = piece_of(talk)

    assert distilled.keep(piece, [found("My dog is called Rex.")]) == 1
    assert distilled.keep(piece, [found("I have a cat as well.")]) == 0
    assert Memory.objects.count() == 1
    assert pieces.next_piece(talk.pk) is None


def test_a_long_conversation_comes_in_pieces_of_whole_exchanges(talk: Conversation) -> None:
    taken = []
    while piece := pieces.next_piece(talk.pk, chars_max=40):
        taken.append([(turn.number, turn.role) for turn in piece.turns])
        distilled.keep(piece, [])

    assert taken == [
        [(1, "user"), (1, "assistant"), (2, "user"), (2, "assistant")],
        [(3, "user"), (3, "assistant")],
    ]


def test_an_exchange_is_never_torn_apart() -> None:
    turns = [Turn(number=n, text="x" * 10) for n in (1, 1, 2, 2, 3)]

    assert whole_exchanges(turns, 50) == turns
    assert whole_exchanges(turns, 49) == turns[:4]
    assert whole_exchanges(turns, 39) == turns[:2]
    assert whole_exchanges(turns, 1) == turns[:2]
    assert whole_exchanges([], 1) == []


def test_turns_that_were_forgotten_are_not_shown(talk: Conversation) -> None:
    talk.utterances.filter(number=1).update(is_forgotten=True)

    assert {turn.number for turn in piece_of(talk).turns} == {2, 3}


def test_a_conversation_of_forgotten_turns_is_worked_off_all_the_same(talk: Conversation) -> None:
    talk.utterances.update(is_forgotten=True)
    piece = piece_of(talk)

    distilled.keep(piece, [])

    assert piece.turns == ()
    assert pieces.next_piece(talk.pk) is None


def test_what_is_forgotten_meanwhile_is_not_written(talk: Conversation, alice: User) -> None:
    piece = piece_of(talk)
    services.forget(alice.pk, "Rex")

    assert distilled.keep(piece, [found("My dog is called Rex.", turn=1)]) == 0
    assert not Memory.objects.exists()


@pytest.mark.parametrize("turn", [0, -1, 4, 999])
def test_a_fact_without_a_source_is_not_written(talk: Conversation, turn: int) -> None:
    assert keep(talk, found("My dog is called Rex.", turn=turn)) == 0


def test_what_only_the_assistant_said_is_no_source(talk: Conversation) -> None:
    talk.utterances.filter(number=2, role="user").delete()

    assert keep(talk, found("I like green.", turn=2)) == 0


def test_a_conversation_that_goes_on_is_left_alone(talk: Conversation) -> None:
    piece = piece_of(talk)
    services.open_session(talk.pk, providers={}, client="")

    assert pieces.next_piece(talk.pk) is None
    assert distilled.keep(piece, [found("My dog is called Rex.")]) == 0


def test_without_memory_nothing_is_looked_at_or_written(talk: Conversation, alice: User) -> None:
    piece = piece_of(talk)
    services.set_memory(alice.pk, False)

    assert pieces.next_piece(talk.pk) is None
    assert distilled.keep(piece, [found("My dog is called Rex.")]) == 0
    talk.refresh_from_db()
    assert talk.distilled_to == 0


def test_a_conversation_that_is_deleted_meanwhile_leaves_nothing(
    talk: Conversation, alice: User
) -> None:
    piece = piece_of(talk)
    alice.delete()

    assert pieces.next_piece(talk.pk) is None
    assert distilled.keep(piece, [found("My dog is called Rex.")]) == 0


def test_the_known_facts_nearest_in_meaning_are_shown(talk: Conversation, alice: User) -> None:
    dog = known(alice, "My dog's name is Max.")
    known(alice, "I was born in 1980.")
    replaced = known(alice, "My dog is called Bello.", superseded_by=dog)

    assert dog in piece_of(talk).known
    assert replaced not in piece_of(talk).known
    assert len(piece_of(talk).known) == 1


def test_what_says_the_same_adds_nothing(talk: Conversation, alice: User) -> None:
    known(alice, "My dog's name is Rex.")

    assert keep(talk, found("My dog is called Rex."), found("MY DOG'S NAME IS REX.")) == 0


def test_the_same_twice_in_one_answer_is_kept_once(talk: Conversation) -> None:
    assert keep(talk, found("My dog is called Rex."), found("My dog's name is Rex.")) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("I have two children.", "I have three children."),
        ("I like dogs.", "I don't like dogs."),
        (
            "My youngest brother John is a pilot and lives in Frankfurt.",
            "My youngest brother James is a pilot and lives in Frankfurt.",
        ),
    ],
)
def test_another_number_or_name_or_its_opposite_is_not_the_same(
    talk: Conversation, alice: User, old: str, new: str
) -> None:
    known(alice, old)

    assert keep(talk, found(new)) == 1


def test_a_fact_that_contradicts_an_old_one_replaces_it(talk: Conversation, alice: User) -> None:
    old = known(alice, "I love dogs.")

    assert keep(talk, found("I can't stand dogs any more.", supersedes=old.pk)) == 1

    old.refresh_from_db()
    assert current(alice) == {"I can't stand dogs any more."}
    assert old.superseded_by == Memory.objects.latest("pk")


def test_what_was_replaced_already_stays_replaced_by_that(talk: Conversation, alice: User) -> None:
    old = known(alice, "I love dogs.")

    keep(
        talk,
        found("I can't stand dogs any more.", supersedes=old.pk),
        found("I have a cat now.", supersedes=old.pk),
    )

    old.refresh_from_db()
    assert old.superseded_by == Memory.objects.get(text__contains="stand")
    assert len(current(alice)) == 2


def test_another_value_replaces_the_old_one_even_where_the_model_missed_it(
    talk: Conversation, alice: User
) -> None:
    known(alice, BLUE)

    assert keep(talk, found(GREEN)) == 1
    assert current(alice) == {GREEN}


def test_what_was_said_later_holds_whichever_is_found_first(
    talk: Conversation, alice: User
) -> None:
    known(alice, BLUE, seconds=1000)

    assert keep(talk, found(GREEN)) == 1

    assert current(alice) == {BLUE}
    assert Memory.objects.get(text=GREEN).superseded_by == Memory.objects.get(text=BLUE)


def test_a_model_replaces_nothing_that_it_was_not_shown(
    talk: Conversation, alice: User, bob: User
) -> None:
    hidden, his = known(alice, "I was born in 1980."), known(bob, "I like green tea.")

    keep(talk, found("I like green.", supersedes=hidden.pk))
    assert current(alice) == {"I was born in 1980.", "I like green."}

    Conversation.objects.filter(pk=talk.pk).update(distilled_to=0)
    keep(talk, found("I adore green paint.", supersedes=his.pk))
    assert current(bob) == {"I like green tea."}


@pytest.mark.parametrize("own", [{"pinned": True, "confidence": 0.95}, {"confidence": 1.0}])
def test_what_the_user_pinned_or_corrected_is_not_replaced_by_a_guess(
    talk: Conversation, alice: User, own: dict[str, object]
) -> None:
    old = known(alice, BLUE, **own)

    assert keep(talk, found(GREEN, confidence=0.8, supersedes=old.pk)) == 0
    assert current(alice) == {BLUE}


@pytest.mark.parametrize(
    "words",
    ["It's green now, actually.", "Oh, my favourite colour is green, by the way."],
)
def test_unless_the_user_said_so(hers: Conversation, alice: User, words: str) -> None:
    old = known(alice, BLUE, confidence=1.0, pinned=True)
    said(hers, 1, words)
    services.end_conversation(hers.pk)

    assert keep(hers, found(GREEN, turn=1, supersedes=old.pk)) == 1
    assert current(alice) == {GREEN}


def test_what_was_corrected_does_not_come_back_from_an_older_conversation(
    talk: Conversation, alice: User
) -> None:
    wrong = known(alice, "My sister lives in Berlin.")
    services.correct(wrong.pk, alice.pk, "My cousin lives in Berlin.")

    assert keep(talk, found("My sister lives in Berlin.")) == 0
    assert current(alice) == {"My cousin lives in Berlin."}


def test_conversations_that_nobody_will_look_at_are_found(
    talk: Conversation, alice: User, start: Callable[[User], Conversation]
) -> None:
    said(start(alice), 1, "This one goes on.")
    assert pieces.left_over() == []  # a job is waiting

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert pieces.left_over() == [talk.pk]

    distilled.keep(piece_of(talk), [])
    assert pieces.left_over() == []


def test_nothing_is_distilled_of_what_is_said_to_an_agent_without_memory(
    talk: Conversation,
) -> None:
    assert pieces.next_piece(talk.pk) is not None
    Agent.objects.filter(pk=talk.agent_id).update(memory_on=False)

    assert pieces.next_piece(talk.pk) is None
    assert talk.pk not in pieces.left_over()
