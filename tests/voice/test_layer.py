import asyncio

import pytest
from channels.layers import InMemoryChannelLayer, get_channel_layer
from structlog.testing import capture_logs

from voice import layer

HELLO = {"type": "hello"}


class Silent(InMemoryChannelLayer):
    async def send(self, channel: str, message: layer.Message) -> None:
        await asyncio.Event().wait()


@pytest.fixture
def narrow(settings):
    """A layer with room for one message in each channel."""
    in_memory = {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 1}}
    settings.CHANNEL_LAYERS = {"default": in_memory}


async def test_who_receives_from_the_channel_gets_the_message(narrow):
    await layer.send("here", HELLO)

    assert await get_channel_layer().receive("here") == HELLO


async def test_every_channel_of_the_group_gets_the_message(narrow):
    for channel in ("here", "there"):
        await get_channel_layer().group_add("all", channel)

    await layer.group_send("all", HELLO)

    assert [await get_channel_layer().receive(one) for one in ("here", "there")] == [HELLO, HELLO]


async def test_what_a_full_channel_does_not_take_is_logged_and_lost(narrow):
    await layer.send("here", HELLO)

    with capture_logs() as logged:
        await layer.send("here", {"type": "more"})

    assert [line | {"error": ""} for line in logged] == [
        {
            "event": "layer.send_failed",
            "log_level": "warning",
            "to": "here",
            "kind": "more",
            "error": "",
        }
    ]
    assert await get_channel_layer().receive("here") == HELLO


@pytest.mark.parametrize("send", [layer.send, layer.group_send])
async def test_a_redis_that_is_away_is_logged(settings, unused_tcp_port, send):
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [f"redis://127.0.0.1:{unused_tcp_port}"]},
        }
    }

    with capture_logs() as logged:
        await send("there", HELLO)

    assert [(line["event"], line["to"]) for line in logged] == [("layer.send_failed", "there")]


async def test_a_layer_that_does_not_answer_is_waited_for_no_longer_than_that(settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.voice.test_layer.Silent"}}

    with capture_logs() as logged:
        async with asyncio.timeout(layer.SEND_S * 2):
            await layer.send("there", HELLO)

    assert [line["event"] for line in logged] == ["layer.send_failed"]
