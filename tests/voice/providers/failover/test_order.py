import time

import pytest

from tests.voice.providers.failover.players import Player, member
from voice.providers.failover.breaker import Breaker, Failure, State
from voice.providers.failover.member import Member, in_order

Ill = tuple[Failure, float]
"""Why it opened, and in how many seconds it may be probed."""


def chain(**ills: Ill | None) -> list[Member[Player]]:
    """offline is the last resort, and silence what comes after it."""
    members = []
    for name, ill in ills.items():
        made = member(
            Player(name, []),
            is_last_resort=name in ("offline", "silence"),
            is_silent=name == "silence",
        )
        if ill is not None:
            now = time.time()
            reason, due_s = ill
            made.vitals.adopt(Breaker(State.OPEN, reason=reason, until=now + due_s, changed_at=now))
        members.append(made)
    return members


SLOW, DOWN, LATER = (Failure.SLOW, 5.0), (Failure.UNAVAILABLE, 5.0), (Failure.TIMEOUT, 9.0)
REJECTED = (Failure.REJECTED, 1.0)


@pytest.mark.parametrize(
    ("ills", "order"),
    [
        ({"a": None, "b": None, "offline": None}, "a b offline"),
        ({"a": DOWN, "b": None, "offline": None}, "b offline a"),
        ({"a": DOWN, "b": LATER, "c": None}, "c a b"),
        ({"a": LATER, "b": DOWN, "c": None}, "c b a"),
        # The least bad before the last resort, if there is a choice or it is merely slow …
        ({"a": LATER, "b": DOWN, "offline": None}, "b offline a"),
        ({"a": SLOW, "offline": None}, "a offline"),
        ({"a": DOWN, "offline": None}, "offline a"),
        # … and never one whose key is wrong.
        ({"a": REJECTED, "b": DOWN, "offline": None}, "b offline a"),
        ({"a": REJECTED, "b": REJECTED, "offline": None}, "offline a b"),
        # Nobody is well.
        ({"a": LATER, "b": DOWN}, "b a"),
        ({"a": REJECTED, "offline": DOWN}, "a offline"),
        # Before nothing at all is said, even the last resort may take its time.
        ({"offline": SLOW, "silence": None}, "offline silence"),
        ({"offline": DOWN, "silence": None}, "silence offline"),
        ({"a": DOWN, "b": LATER, "silence": None}, "a silence b"),
        ({"a": DOWN, "silence": None}, "silence a"),
    ],
)
def test_the_least_bad_comes_first(ills, order):
    assert [member.name for member in in_order(chain(**ills))] == order.split()


def test_one_opened_by_hand_is_not_asked_however_bad_the_others_are():
    a, b, offline = chain(a=None, b=REJECTED, offline=None)
    a.vitals.open_by_hand()

    assert [member.name for member in in_order([a, b, offline])] == ["offline", "b"]


def test_one_opened_by_hand_is_asked_when_it_was_closed_by_hand():
    a, b = chain(a=None, b=None)
    a.vitals.open_by_hand()
    a.vitals.close_by_hand()

    assert [member.name for member in in_order([a, b])] == ["a", "b"]


def test_where_all_were_opened_by_hand_there_is_no_other_choice():
    a, b = chain(a=None, b=None)
    a.vitals.open_by_hand()
    b.vitals.open_by_hand()

    assert [member.name for member in in_order([a, b])] == ["a", "b"]
