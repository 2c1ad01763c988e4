"""Where there is a socket, and where there is none."""

import pytest
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator

from voice.routing import websocket_urlpatterns


@pytest.mark.parametrize("path", ["/", "/voice/", "/voice/new/more", "/chat"])
async def test_a_socket_to_nowhere_is_refused(path: str) -> None:
    client = WebsocketCommunicator(URLRouter(websocket_urlpatterns), path)

    is_accepted, _ = await client.connect()

    assert not is_accepted
    await client.disconnect()
