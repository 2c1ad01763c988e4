"""The path of the dashboard's WebSocket."""

from typing import Any

from django.urls import path

from dashboard.consumers import live

LIVE: Any = live
websocket_urlpatterns = [path("dashboard/live", LIVE)]
