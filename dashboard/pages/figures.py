"""How the site is doing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations.roles import SEE_HEALTH, SWITCH_PROVIDERS
from dashboard.live.topics import SPANS
from dashboard.staff import allowed, may, member

NAMES = {"5m": "5 minutes", "1h": "1 hour", "1d": "1 day"}


@allowed(SEE_HEALTH)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """?span=1h opens with that window."""
    asked = request.GET.get("span", "")
    config = {
        "span": asked if asked in SPANS else SPANS[0],
        "may_switch": may(member(request), SWITCH_PROVIDERS),
        "providers": reverse("dashboard_provider", args=["stage", "name"]),
    }
    spans = [(span, NAMES[span]) for span in SPANS]
    return render(request, "dashboard/figures.html", {"config": config, "spans": spans})
