from dashboard.live.sessions import applied, sessions
from tests.dashboard.live.states import AGENT, conversation, running
from voice.steering import Ack
from voice.turns.heard import Spoken


def ack(number: int, version: int, *, own_version: int = 0, agent: int = AGENT) -> Ack:
    return Ack(agent, conversation(number), "", version, own_version, ms=41.6)


def test_a_row_says_who_talks_and_never_what():
    spoken = (Spoken("A secret.", 0, 24_000),)
    state = running(1, phase="speaking", spoken=spoken, unvoiced=("Another.",), turn=4)

    [row] = sessions([state], {})

    assert row == {
        "conversation": conversation(1),
        "user": "user1",
        "agent": "guide",
        "agent_id": AGENT,
        "phase": "speaking",
        "since": 101.0,
        "turn": 4,
        "version": 1,
        "own_version": 0,
        "connected": True,
        "applied_ms": None,
    }


def test_those_that_began_first_stand_on_top():
    rows = sessions([running(3), running(1), running(2)], {})

    assert [row["user"] for row in rows] == ["user1", "user2", "user3"]


def test_an_acknowledgement_counts_before_the_list_says_so():
    states = [running(1), running(2), running(3)]

    told = applied(AGENT, 2, states, {conversation(2): ack(2, 2)})

    assert (told["applied"], told["of"], told["version"]) == (1, 3, 2)
    assert [row["applied"] for row in told["sessions"]] == [False, True, False]
    assert told["sessions"][1]["applied_ms"] == 42


def test_an_acknowledgement_from_before_takes_nothing_back():
    [row] = sessions([running(1, context_version=5)], {conversation(1): ack(1, 4)})

    assert (row["version"], row["applied_ms"]) == (5, None)


def test_a_version_that_a_session_has_is_known_even_before_the_database_was_read():
    told = applied(AGENT, 1, [running(1), running(2)], {conversation(1): ack(1, 2)})

    assert (told["version"], told["applied"], told["of"]) == (2, 1, 2)


def test_sessions_of_other_agents_do_not_count():
    states = [running(1), running(2, agent_id=AGENT + 1)]

    told = applied(AGENT, 1, states, {conversation(2): ack(2, 9, agent=AGENT + 1)})

    assert (told["version"], told["applied"], told["of"]) == (1, 1, 1)
