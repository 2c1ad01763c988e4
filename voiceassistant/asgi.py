"""Plain requests go to Django, sockets to the voice pipeline.

Channels' OriginValidator is left out on purpose: it refuses before the socket is accepted, and a
browser then sees 1006 and tries again for ever. The consumer checks the origin and says why.
"""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
django_application = get_asgi_application()

from voice.routing import websocket_urlpatterns  # noqa: E402  (needs the applications to be loaded)

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": URLRouter(websocket_urlpatterns),
    }
)
