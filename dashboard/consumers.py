"""The WebSocket /dashboard/live: shows, and takes no orders; those come as POSTs.

One socket shows one topic. The page answers each message with `{"type": "seen"}`, and nothing else.
Every close but 1000 comes after an `error` with the same code, as on the voice's socket.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import cache
from time import monotonic
from typing import Any

import structlog
from autobahn.exception import Disconnected
from django.db import Error as DatabaseError

from conversations import audit
from conversations.models import User
from dashboard.live.captions import follow
from dashboard.live.outbox import Outbox, Unread
from dashboard.live.reader import Reader
from dashboard.live.sources import Sources, hear_acks
from dashboard.live.topics import Captions, Topic, Unknown, topic_of
from dashboard.staff import may
from voice.edge import notices
from voice.edge.door import Address, identify
from voice.edge.limits import Rate
from voice.edge.notices import BAD_REQUEST, FORBIDDEN, Refused, final, passing
from voice.store import is_revoked
from voice.store.threads import query
from voice.wire import Error

log = structlog.get_logger()

MESSAGES_MAX, WINDOW_S = 1_000, 2.0
"""A page answers each message of a batch, which may be outbox.WAITING_MAX."""
CHECK_S = 60.0
"""How long somebody may go on looking who was logged out or may not any more."""
NOT_ALLOWED = final(FORBIDDEN, "You may not look at this. Ask an administrator.")
NO_TOPIC = final(BAD_REQUEST, "There is no such thing to look at.")
FLOOD = passing(notices.TOO_MANY, "This page says more than it was told.", retry_after_s=5.0)
UNREAD = passing(notices.FAULT, "Your browser stopped reading. Connecting again.")

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Left(Exception):
    """The page is gone."""


@cache
def reader() -> Reader:
    """That of this process. Made on the event loop that serves the sockets."""
    return Reader(Sources().see, hear_acks)


async def live(scope: Scope, receive: Receive, send: Send, *, check_s: float = CHECK_S) -> None:
    """One socket, from its handshake to its end."""
    await receive()
    await send({"type": "websocket.accept"})
    socket = Socket(scope, receive, send, check_s)
    try:
        await socket.serve()
    except* Left:
        pass
    except* Refused as refused:
        await socket.close(_reason(refused))
    except* Unread:
        await socket.close(UNREAD)
    except* Exception:  # the database is away, or a mistake of ours: the page may try again
        log.exception("dashboard.socket_failed")
        await socket.close(notices.BROKEN)


def _reason(group: BaseExceptionGroup[Refused]) -> Error:
    first = group.exceptions[0]
    return first.error if isinstance(first, Refused) else _reason(first)


class Socket:
    def __init__(self, scope: Scope, receive: Receive, send: Send, check_s: float) -> None:
        self._scope = scope
        self._check_s = check_s
        self._receive = receive
        self._send = send
        self._outbox = Outbox()

    async def serve(self) -> None:
        """Until the page leaves, which raises Left, or may not look any more, which raises Refused;
        Unread where it does not read."""
        topic = self._topic()
        address = Address(self._scope)
        person = await identify(address)
        await query(_check, person.id, topic)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._hear())
            tasks.create_task(self._tell())
            tasks.create_task(self._check_again(person.id, address, topic))
            tasks.create_task(self._show(person.id, topic))

    async def close(self, error: Error) -> None:
        with suppress(Disconnected):
            await self._send({"type": "websocket.send", "text": json.dumps(error.as_dict())})
            await self._send({"type": "websocket.close", "code": int(error.code)})

    def _topic(self) -> Topic | Captions:
        try:
            return topic_of(self._scope["query_string"].decode("latin-1"))
        except Unknown as error:
            raise Refused(NO_TOPIC) from error

    async def _show(self, user: int, topic: Topic | Captions) -> None:
        if isinstance(topic, Captions):
            await query(_note_watch, user, topic)
            await follow(topic.conversation, self._outbox)
            return
        async with reader().watching(topic, self._outbox):
            await asyncio.Future()

    async def _hear(self) -> None:
        rate = Rate(MESSAGES_MAX, window_s=WINDOW_S)
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                raise Left
            if rate.exceeded_by(1, now=monotonic()):
                raise Refused(FLOOD)
            self._outbox.seen()

    async def _tell(self) -> None:
        while True:
            for text in await self._outbox.take():
                with suppress(Disconnected):
                    await self._send({"type": "websocket.send", "text": text})

    async def _check_again(self, user: int, address: Address, topic: Topic | Captions) -> None:
        """A database that is away shuts nobody out: the next round asks again."""
        while True:
            await asyncio.sleep(self._check_s)
            try:
                if await is_revoked(token=address.token, login=address.login):
                    raise Refused(notices.REVOKED)
                await query(_check, user, topic)
            except (DatabaseError, OSError) as error:
                log.warning("dashboard.not_checked", error=str(error))


def _check(user_id: int, topic: Topic | Captions) -> None:
    """Raises Refused."""
    user = User.objects.filter(pk=user_id).first()
    if user is None or not may(user, topic.permission):
        raise Refused(NOT_ALLOWED)


def _note_watch(user_id: int, topic: Captions) -> None:
    audit.note(User.objects.get(pk=user_id), "watch", conversation=topic.conversation)
