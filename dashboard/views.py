"""What machines ask: is it up, and who serves it?"""

from typing import Any, cast

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from conversations.models import User
from voice import wiring
from voice.providers.failover.member import Member


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answers as soon as the process listens, and asks nobody: this is liveness."""
    return JsonResponse({"status": "ok"})


@require_safe
def providers(request: HttpRequest) -> JsonResponse:
    """The chains in force and who of them is well; for staff, also how each has been doing since
    this process began. The breakers are those of all processes."""
    shown = _in_full if cast(User, request.user).is_staff else _in_short
    chains = wiring.providers().members
    return JsonResponse({stage: [shown(m) for m in chain] for stage, chain in chains.items()})


def _in_short(member: Member[Any]) -> dict[str, Any]:
    return {"name": member.name, "state": member.vitals.breaker.state.value}


def _in_full(member: Member[Any]) -> dict[str, Any]:
    vitals, breaker = member.vitals, member.vitals.breaker
    shown = {
        **_in_short(member),
        "serves": vitals.key.partition("/")[2].partition("/")[2],
        "answers": vitals.served,
        "failures": vitals.failures,
        "hedges": vitals.hedges,
        "first_item_p95_ms": vitals.first.p95_s and round(vitals.first.p95_s * 1000),
    }
    if not breaker.is_closed:
        shown["reason"] = breaker.reason and breaker.reason.value
        shown["since"] = breaker.changed_at
    return shown
