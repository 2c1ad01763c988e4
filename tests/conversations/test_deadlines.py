import pytest
from django.db import connection

from conversations.deadlines import Late, statements_within


def timeout() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('statement_timeout')")
        [value] = cursor.fetchone()
    return str(value)


def nap(seconds: float) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


def test_a_query_that_takes_too_long_is_given_up(db: None) -> None:
    with pytest.raises(Late), statements_within(20):
        nap(10)

    nap(0.05)


def test_the_limit_is_gone_afterwards(db: None) -> None:
    before = timeout()

    with statements_within(1_000):
        assert timeout() == "1s"
        with statements_within(500):
            assert timeout() == "500ms"
        assert timeout() == "1s"
    assert timeout() == before


def test_the_outer_limit_holds_again_when_the_inner_one_was_passed(db: None) -> None:
    with statements_within(1_000):
        with pytest.raises(Late), statements_within(20):
            nap(10)
        assert timeout() == "1s"


def test_another_failure_is_not_taken_for_it(db: None) -> None:
    with pytest.raises(ZeroDivisionError), statements_within(1_000):
        raise ZeroDivisionError
