"""The channel layer, by which the processes that serve the site reach one another.

Sending never raises: what cannot be sent within SEND_S is logged and lost. Nobody may rely on a
message alone; what matters is stored, or asked for again.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog
from channels.exceptions import ChannelFull
from channels.layers import get_channel_layer
from redis.exceptions import RedisError

log = structlog.get_logger()

SEND_S = 1.0
ERRORS = (RedisError, ChannelFull, OSError)
"""What the layer raises when Redis is away or whoever should receive is behind. TimeoutError is an
OSError."""

Message = dict[str, Any]
"""With its `type`."""


async def send(channel: str, message: Message) -> None:
    """To whoever receives from this channel."""
    await _sent(get_channel_layer().send(channel, message), channel, message)


async def group_send(group: str, message: Message) -> None:
    """To all channels of this group."""
    await _sent(get_channel_layer().group_send(group, message), group, message)


async def _sent(sending: Coroutine[Any, Any, None], to: str, message: Message) -> None:
    try:
        async with asyncio.timeout(SEND_S):
            await sending
    except ERRORS as error:
        log.warning("layer.send_failed", to=to, kind=message["type"], error=str(error))


async def forget(channel: str) -> None:
    """Have the layer forget a channel of this process, which it does only where somebody stops to
    receive from it."""
    receiving = asyncio.ensure_future(get_channel_layer().receive(channel))
    await asyncio.sleep(0)
    receiving.cancel()
    await asyncio.wait([receiving], timeout=SEND_S)
    if receiving.done() and not receiving.cancelled() and (error := receiving.exception()):
        log.info("layer.not_forgotten", channel=channel, error=str(error))
