"""The talk page, and what this is for whoever asks for JSON.

Everything the browser needs to know stands in one JSON block of the page, since the policy of the
site allows no inline script.
"""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from voice.providers import registry


@require_safe
@vary_on_headers("Accept")
def talk(request: HttpRequest) -> HttpResponseBase:
    """The page, or for who prefers JSON what this is."""
    if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        return JsonResponse(about())
    return _page(request)


def about() -> dict[str, str]:
    """What this is, and where its parts are."""
    return {
        "name": "Voice Assistant",
        "docs": "/docs",
        "openapi": "/openapi.json",
        "asyncapi": "/asyncapi.yaml",
        "socket": "/voice/new",
        "log_in": "/auth/token",
        "health": "/health",
        "ready": "/ready",
    }


@login_required
def _page(request: HttpRequest) -> HttpResponse:
    """?conversation=<uuid> goes on with that one. Whose it is, the socket checks."""
    config = {
        "socket": "/voice/",
        # Worklets are loaded by address, which hashed static storage can't rewrite inside a module.
        "capture": static("voice/worklets/capture.js"),
        "playback": static("voice/worklets/playback.js"),
        "login": resolve_url(settings.LOGIN_URL),
        "conversations": resolve_url("conversations"),
        "conversation": _conversation(request.GET.get("conversation", "")),
    }
    offline_ear = registry.usable("stt", settings.STT_CHAIN) == ["offline"]
    return render(request, "voice/talk.html", {"config": config, "offline_ear": offline_ear})


def _conversation(text: str) -> str | None:
    """The id as it goes on the wire; None for what is no UUID."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return None
