"""The talk page: everything the browser needs to know stands in one JSON block, since the policy
of the site allows no inline script."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from voice.providers import registry


@login_required
@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """The page; ?conversation=<uuid> goes on with that one. Whose it is, the socket checks."""
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
