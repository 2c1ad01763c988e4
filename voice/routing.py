"""The paths of the voice WebSocket. An id is checked by the consumer: a client that got it wrong is
to hear so."""

from typing import Any

from django.urls import path, re_path

from voice.consumers import VoiceConsumer


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    """Any other path: the handshake is refused, with HTTP 403."""
    await receive()
    await send({"type": "websocket.close"})


NOWHERE: Any = nowhere
websocket_urlpatterns = [
    path("ws", VoiceConsumer.as_asgi()),
    path("ws/", VoiceConsumer.as_asgi()),
    re_path(r"^voice/(?P<id>[^/]+)/?$", VoiceConsumer.as_asgi()),
    re_path("", NOWHERE),
]
