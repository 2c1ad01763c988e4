"""A conversation from its first connection to its end."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from conversations import selectors, services
from conversations.account import erasure
from conversations.models import Conversation, Session, Turn, User
from conversations.signals import conversation_ended
from tests.conversations.conftest import answered, at, said

State = Conversation.State
Starter = Callable[[User], Conversation]


def opened(conversation: Conversation) -> Session:
    return services.open_session(
        conversation.pk, providers={"stt": ["offline"]}, client="A browser"
    )


def test_an_unknown_id_starts_a_conversation_under_it(alice: User) -> None:
    wanted = uuid4()

    conversation = services.start_conversation(
        alice.pk, selectors.default_agent().pk, conversation_id=wanted
    )

    assert conversation.pk == wanted
    assert conversation.state == State.OPEN


def test_starting_twice_under_one_id_is_one_conversation(alice: User) -> None:
    wanted, agent = uuid4(), selectors.default_agent()

    first = services.start_conversation(alice.pk, agent.pk, conversation_id=wanted)
    second = services.start_conversation(alice.pk, agent.pk, conversation_id=wanted)

    assert first == second


def test_nobody_starts_a_conversation_under_somebody_elses_id(
    alice: User, his: Conversation
) -> None:
    with pytest.raises(selectors.NotYours):
        services.start_conversation(alice.pk, selectors.default_agent().pk, conversation_id=his.pk)


def test_what_a_connection_was_is_kept(hers: Conversation) -> None:
    session = opened(hers)
    services.close_session(session.pk, close_code=1001)

    session.refresh_from_db()
    assert session.providers == {"stt": ["offline"]}
    assert session.closed_at >= session.opened_at
    assert session.close_code == 1001


def test_the_first_close_code_counts(hers: Conversation) -> None:
    session = opened(hers)

    services.close_session(session.pk, close_code=4409)
    services.close_session(session.pk, close_code=1000)

    session.refresh_from_db()
    assert session.close_code == 4409


def test_a_browser_with_an_endless_name_is_let_in(hers: Conversation) -> None:
    session = services.open_session(hers.pk, providers={}, client="x" * 5000)

    assert len(session.client) == 200


def test_a_longer_version_of_a_users_turn_replaces_the_shorter(hers: Conversation) -> None:
    said(hers, 1, "what is")
    said(hers, 1, "what is the time")

    turn = hers.utterances.get()
    assert (turn.number, turn.text) == (1, "what is the time")


@pytest.mark.parametrize("text", ["a\u0000b", "a\ud800b"])
def test_text_that_no_database_holds_is_kept_as_far_as_it_goes(
    hers: Conversation, text: str
) -> None:
    said(hers, 1, text)
    answered(hers, 1, text)

    assert {turn.text for turn in hers.utterances.all()} <= {"ab", "a?b"}


def test_the_title_grows_with_the_turn_it_came_from(hers: Conversation) -> None:
    said(hers, 1, "what is")
    said(hers, 1, "what is the time?")
    said(hers, 2, "and in Tokyo?", seconds=9)

    hers.refresh_from_db()
    assert hers.title == "What is the time?"


def test_a_title_given_by_hand_stays(hers: Conversation) -> None:
    said(hers, 1, "what is")
    Conversation.objects.filter(pk=hers.pk).update(title="About the time")

    said(hers, 1, "what is the time?")

    hers.refresh_from_db()
    assert hers.title == "About the time"


def test_turns_and_replies_are_counted_by_their_highest_number(hers: Conversation) -> None:
    said(hers, 1, "hello")
    answered(hers, 1, "Good day.", reply=1)
    answered(hers, 1, "Are you there?", reply=3, seconds=20)
    said(hers, 1, "hello again")

    hers.refresh_from_db()
    assert (hers.turns, hers.replies) == (1, 3)


def test_a_greeting_belongs_to_no_turn(hers: Conversation) -> None:
    answered(hers, 0, "Good morning.", reply=1)

    assert hers.utterances.get().number == 0


def test_a_reply_is_kept_once_however_often_it_is_recorded(hers: Conversation) -> None:
    answered(hers, 1, "It is", interrupted=False)
    answered(hers, 1, "It is noon.", interrupted=True)

    turn = hers.utterances.get()
    assert (turn.text, turn.interrupted) == ("It is noon.", True)


def test_late_timings_replace_the_first_ones(hers: Conversation) -> None:
    answered(hers, 1, "Noon.", reply=4)

    assert services.record_metrics(hers.pk, reply=4, metrics={"total_ms": 810})
    assert hers.utterances.get().metrics == {"total_ms": 810}


def test_timings_of_a_reply_that_is_not_recorded_are_refused(hers: Conversation) -> None:
    assert not services.record_metrics(hers.pk, reply=4, metrics={"total_ms": 810})


def test_a_turn_in_a_conversation_that_was_deleted_is_an_error(hers: Conversation) -> None:
    erasure.delete_conversation(hers.pk, with_facts=False)

    with pytest.raises(Conversation.DoesNotExist):
        said(hers, 1, "hello?")


def test_recent_turns_are_the_last_ones_oldest_first(hers: Conversation) -> None:
    for number in range(1, 4):
        said(hers, number, f"question {number}", seconds=10 * number)
        answered(hers, number, f"answer {number}", reply=number, seconds=10 * number + 5)

    texts = [turn.text for turn in selectors.recent_turns(hers.pk, limit=3)]

    assert texts == ["answer 2", "question 3", "answer 3"]


def test_hanging_up_ends_it_and_tells_others_once(
    hers: Conversation, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    heard: list[object] = []

    def hear(*, conversation_id: object, **_: object) -> None:
        heard.append(conversation_id)

    conversation_ended.connect(hear)
    with django_capture_on_commit_callbacks(execute=True):
        services.end_conversation(hers.pk)
        services.end_conversation(hers.pk)
        assert heard == []  # not before the commit
    conversation_ended.disconnect(hear)

    hers.refresh_from_db()
    assert hers.state == State.ENDED
    assert hers.ended_at is not None
    assert heard == [hers.pk]


def test_connecting_again_opens_an_ended_conversation(hers: Conversation) -> None:
    services.end_conversation(hers.pk)

    opened(hers)

    hers.refresh_from_db()
    assert hers.state == State.OPEN
    assert hers.ended_at is None


def test_a_server_that_starts_marks_what_its_predecessor_left_open(hers: Conversation) -> None:
    session = opened(hers)
    Session.objects.filter(pk=session.pk).update(opened_at=at(0))
    said(hers, 1, "hello", seconds=5)

    assert services.mark_broken_off() == 1

    hers.refresh_from_db()
    session.refresh_from_db()
    assert hers.state == State.BROKEN_OFF
    assert (session.close_code, session.closed_at) == (1006, at(7))
    assert hers.ended_at == at(7)
    assert hers.utterances.count() == 1


def test_a_conversation_that_died_while_waiting_for_its_socket_is_broken_off_too(
    hers: Conversation,
) -> None:
    services.close_session(opened(hers).pk, close_code=1006)

    assert services.mark_broken_off() == 1


def test_conversations_of_other_running_servers_are_left_alone(
    hers: Conversation, his: Conversation
) -> None:
    opened(hers)
    opened(his)

    assert services.mark_broken_off(live={his.pk}) == 1

    his.refresh_from_db()
    assert his.state == State.OPEN
    assert his.sessions.get().closed_at is None


def test_a_conversation_that_is_just_being_started_is_left_alone(hers: Conversation) -> None:
    assert services.mark_broken_off() == 0


def test_an_ended_conversation_is_not_broken_off(hers: Conversation) -> None:
    services.close_session(opened(hers).pk, close_code=1000)
    services.end_conversation(hers.pk)

    assert services.mark_broken_off() == 0


def test_a_broken_off_conversation_where_nothing_was_said_ended_when_it_began(
    hers: Conversation,
) -> None:
    session = opened(hers)

    services.mark_broken_off()

    hers.refresh_from_db()
    session.refresh_from_db()
    assert hers.ended_at == hers.started_at
    assert session.closed_at == session.opened_at


def test_a_conversation_is_its_users_alone(alice: User, his: Conversation) -> None:
    assert selectors.conversation_of(alice.pk, uuid4()) is None
    with pytest.raises(selectors.NotYours):
        selectors.conversation_of(alice.pk, his.pk)


def test_the_length_of_a_conversation_is_that_of_its_connections(
    alice: User, hers: Conversation
) -> None:
    for opened_at, closed_at in ((at(0), at(60)), (at(86400), at(86430))):
        hers.sessions.create(opened_at=opened_at, closed_at=closed_at, close_code=1000)

    [found] = selectors.conversations_of(alice.pk)

    assert found.talked.total_seconds() == 90


def test_deleting_a_conversation_keeps_what_was_remembered(alice: User, hers: Conversation) -> None:
    said(hers, 1, "remember that I like tea")
    fact = services.remember(alice.pk, "I like tea", hers.pk, hers.utterances.get().number)

    erasure.delete_conversation(hers.pk, with_facts=False)

    fact.refresh_from_db()
    assert fact.source is None
    assert not Turn.objects.exists()
