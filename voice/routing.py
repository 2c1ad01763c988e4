"""The paths of the voice WebSocket. An id is checked by the consumer: a client that got it wrong is
to hear so."""

from django.urls import path, re_path

from voice.consumers import VoiceConsumer

websocket_urlpatterns = [
    path("ws", VoiceConsumer.as_asgi()),
    path("ws/", VoiceConsumer.as_asgi()),
    re_path(r"^voice/(?P<id>[^/]+)/?$", VoiceConsumer.as_asgi()),
]
