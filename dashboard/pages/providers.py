"""Having a provider asked no more, or again."""

from asgiref.sync import async_to_sync
from django.http import Http404, HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from conversations import audit
from conversations.roles import SWITCH_PROVIDERS
from dashboard.live import providers
from dashboard.staff import allowed, member


@allowed(SWITCH_PROVIDERS)
@require_POST
def switch(request: HttpRequest, stage: str, name: str) -> JsonResponse:
    """`state`: open (nobody asks it) or closed. `model`: of one that only agents ask."""
    state, model = request.POST.get("state"), request.POST.get("model", "")
    if state not in ("open", "closed"):
        return JsonResponse({"text": "“state” is “open” or “closed”."}, status=400)
    try:
        # On the event loop of the sockets, which is where this runs when it is served.
        async_to_sync(providers.switch)(stage, name, model, is_open=state == "open")
    except providers.NoSuchProvider as error:
        raise Http404(str(error)) from error
    shown = f"{name}: {model}" if model else name
    audit.note(member(request), "switch_provider", stage=stage, provider=shown, state=state)
    said = "is asked no more" if state == "open" else "is asked again"
    return JsonResponse({"text": f"{shown} {said}."})
