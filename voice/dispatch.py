"""What other processes ask of this one, handed to the sessions that it runs.

Two channels of the layer: the process's own, and one that is in the group of all of them. While
Redis is away both are tried again each second; nothing is lost that is not made good otherwise.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import structlog
from channels.layers import get_channel_layer

from voice import layer, steering
from voice.operators import Operators
from voice.switchboard import Switchboard

log = structlog.get_logger()

AGAIN_S = 1.0


class Dispatch:
    """Of one process, on the event loop that serves its sockets."""

    def __init__(self, owner: str, switchboard: Switchboard) -> None:
        """owner: the channel by which others reach this process."""
        self._owner = owner
        self._switchboard = switchboard

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._forever(self._serve_asked))
            tasks.create_task(self._forever(self._serve_told))

    async def _forever(self, serve: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await serve()
            except layer.ERRORS as error:
                log.warning("layer.receive_failed", error=str(error))
                await asyncio.sleep(AGAIN_S)

    async def _serve_asked(self) -> None:
        channels = get_channel_layer()
        try:
            while True:
                message = await channels.receive(self._owner)
                await self._guarded(self._asked, message)
        except layer.ERRORS:
            # What it could not subscribe to, it takes for subscribed the next time.
            await layer.forget(self._owner)
            raise

    async def _serve_told(self) -> None:
        channels = get_channel_layer()
        channel = await channels.new_channel("steering.")
        try:
            await channels.group_add(steering.CHANGES, channel)
            while True:
                message = await channels.receive(channel)
                await self._guarded(self._told, message)
        finally:
            await channels.group_discard(steering.CHANGES, channel)

    async def _guarded(self, handle: Callable[[Any], Awaitable[None]], message: Any) -> None:
        """A message that another version of this program wrote, or a mistake of ours in one
        session, must not end the listening for all of them."""
        try:
            await handle(message)
        except (KeyError, ValueError, TypeError) as error:
            log.warning("steering.unreadable", kind=message.get("type"), error=str(error))
        except Exception:
            log.exception("steering.broke", kind=message.get("type"))

    async def _told(self, message: Any) -> None:
        change = steering.change_of(message)
        for session in self._switchboard.sessions():
            session.operators.context_changed(change)

    async def _asked(self, message: Any) -> None:
        conversation = UUID(message["conversation"])
        if message["type"] == "yield":
            self._switchboard.give_up(conversation)
            return
        session = self._switchboard.running(conversation)
        if session is not None:
            _do(session.operators, message)
        await steering.answer(message, is_running=session is not None)


def _do(operators: Operators, message: Any) -> None:
    match message["type"]:
        case "steering.say":
            operators.say(message["text"])
        case "steering.end":
            operators.end()
        case "steering.watch":
            operators.watch(message["channel"])
        case kind:
            raise ValueError(f"there is no {kind}")
