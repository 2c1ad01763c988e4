"""What both sides of one conversation say, for somebody who watches it."""

import asyncio
import json
from collections.abc import Hashable, Mapping
from typing import Any
from uuid import UUID

from channels.layers import get_channel_layer

from dashboard.live.outbox import Outbox
from voice import steering
from voice.live import LiveUnavailable
from voice.steering import NotAnswered, NotRunning

RENEW_S = 10.0
"""A watch is good for steering.WATCH_S, 15."""
AGAIN_S = 2.0
"""Where it could not be renewed: the session may be taken over by another process just now."""


async def follow(conversation: UUID, outbox: Outbox) -> None:
    """Its captions and states go into the outbox, until cancelled: of each turn and reply the
    newest text, which is the whole so far."""
    layer = get_channel_layer()
    channel = await layer.new_channel("dashboard.")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_renew(conversation, channel, outbox))
        tasks.create_task(_hear(layer, channel, outbox))


async def _renew(conversation: UUID, channel: str, outbox: Outbox) -> None:
    while True:
        is_running = await _watch(conversation, channel)
        outbox.put("watching", json.dumps({"type": "watching", "running": is_running}))
        await asyncio.sleep(RENEW_S if is_running else AGAIN_S)


async def _watch(conversation: UUID, channel: str) -> bool:
    try:
        await steering.watch(conversation, channel=channel)
    except (NotRunning, NotAnswered, LiveUnavailable):
        return False
    return True


async def _hear(layer: Any, channel: str, outbox: Outbox) -> None:
    while True:
        message = (await layer.receive(channel))["message"]
        outbox.put(thing_of(message), json.dumps(message, ensure_ascii=False))


def thing_of(message: Mapping[str, Any]) -> Hashable:
    """What a later message says anew."""
    if message["type"] != "transcript_update":
        return str(message["type"])
    return message["role"], message.get("reply") or message["turn"]
