"""A query that may be given up."""

import pytest
from django.db import OperationalError, connection

from conversations.memory.deadline import in_time


def asked(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


def test_a_query_in_time_gives_what_it_found(db: None) -> None:
    assert in_time(asked, "SELECT 7") == 7


def test_a_late_query_is_given_up_and_the_transaction_goes_on(db: None) -> None:
    assert in_time(asked, "SELECT 7 FROM pg_sleep(5)") is None
    assert asked("SELECT 8 FROM pg_sleep(0.1)") == 8


def test_the_limit_holds_for_that_query_alone(db: None) -> None:
    in_time(asked, "SELECT 7")

    assert asked("SHOW statement_timeout") == "0"
    assert asked("SELECT 8 FROM pg_sleep(0.1)") == 8


@pytest.mark.django_db(transaction=True)
def test_another_failure_is_not_taken_for_being_late() -> None:
    with pytest.raises(OperationalError):
        in_time(asked, "SELECT pg_terminate_backend(pg_backend_pid())")
