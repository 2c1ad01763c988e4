"""Plain requests go to Django, sockets to the voice pipeline.

Channels' OriginValidator is left out on purpose: it refuses before the socket is accepted, and a
browser then sees 1006 and tries again for ever. The consumer checks the origin and says why.
"""

import os

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
django_application = get_asgi_application()

# They need the applications to be loaded.
from dashboard import routing as dashboard_routing  # noqa: E402
from voice import routing as voice_routing  # noqa: E402

# The voice's last pattern catches all.
websocket_urlpatterns = [
    *dashboard_routing.websocket_urlpatterns,
    *voice_routing.websocket_urlpatterns,
]

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": URLRouter(websocket_urlpatterns),
    }
)
