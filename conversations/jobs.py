"""Work that is to be done later, surely and by somebody else: a row beside the data it is about.

A task is known by its name alone; voice/background has what stands behind it.
"""

from functools import cache
from uuid import UUID

from procrastinate import App
from procrastinate.contrib.django.django_connector import DjangoConnector

PRIORITIES = {"embed_turn": 1}
"""Quick ones do not wait behind those that ask a language model."""


def defer(task: str, **arguments: int | str | UUID) -> None:
    """Have the task done after the commit of the current transaction, and never if that is rolled
    back. It may be done twice, so it should be idempotent. Jobs of one task about the same
    `conversation_id` are done one after the other."""
    values = {
        name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()
    }
    conversation = values.get("conversation_id")
    _app().configure_task(
        task,
        priority=PRIORITIES.get(task, 0),
        lock=f"{task} {conversation}" if conversation else None,
    ).defer(**values)


@cache
def _app() -> App:
    """One of our own, since the library's for Django may be running a worker, on connections that
    know nothing of our transaction."""
    return App(connector=DjangoConnector())
