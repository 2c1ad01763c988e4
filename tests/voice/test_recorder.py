import asyncio
from collections.abc import AsyncIterator

import pytest
from django.db import OperationalError

from conversations.models import Conversation
from voice.recorder import WAITING_FEW, WRITES_WAITING_MAX, Recorder


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    subject = Recorder(on_lost=lambda: None)
    running = asyncio.create_task(subject.run())
    yield subject
    running.cancel()


class Book:
    """Writes down what it is given, after failing as often as it is told to."""

    def __init__(self, failures: int = 0, error: Exception | None = None) -> None:
        self.lines: list[str] = []
        self.attempts = 0
        self._failures = failures
        self._error = error or OperationalError("the database is away")

    def write(self, line: str):
        async def write() -> None:
            self.attempts += 1
            if self.attempts <= self._failures:
                raise self._error
            self.lines.append(line)

        return write


async def test_what_is_said_is_kept_in_order(recorder):
    book = Book()
    for line in ("one", "two", "three"):
        recorder.put(book.write(line))

    await recorder.flush(5)

    assert book.lines == ["one", "two", "three"]


async def test_a_database_that_is_away_is_asked_again_and_the_order_kept(recorder):
    book = Book(failures=2)
    recorder.put(book.write("one"))
    recorder.put(book.write("two"))

    await recorder.flush(5)

    assert book.lines == ["one", "two"]
    assert book.attempts == 4


async def test_a_conversation_that_its_user_deleted_is_not_asked_for_again(recorder):
    book = Book(failures=1, error=Conversation.DoesNotExist("deleted"))
    recorder.put(book.write("one"))
    recorder.put(book.write("two"))

    await recorder.flush(5)

    assert book.lines == ["two"]


async def test_a_full_queue_says_what_it_cannot_keep():
    lost: list[None] = []
    full, book = Recorder(on_lost=lambda: lost.append(None)), Book()

    for index in range(WRITES_WAITING_MAX):
        full.put(book.write(str(index)))
    assert lost == []
    full.put(book.write("one too many"))

    assert len(lost) == 1


async def test_a_flush_does_not_wait_for_ever():
    stuck, book = Recorder(on_lost=lambda: None), Book()
    stuck.put(book.write("never"))

    await asyncio.wait_for(stuck.flush(0.05), 1)

    assert book.lines == []


async def test_what_is_only_good_to_have_is_left_out_where_much_waits():
    lost: list[str] = []
    recorder, book = Recorder(on_lost=lambda: lost.append("lost")), Book()
    recorder.offer(book.write("sound"))
    for number in range(WAITING_FEW):
        recorder.put(book.write(f"line {number}"))
    recorder.offer(book.write("more sound"))
    running = asyncio.create_task(recorder.run())

    await recorder.flush(5)
    running.cancel()

    assert book.lines == ["sound", *(f"line {number}" for number in range(WAITING_FEW))]
    assert lost == []
