"""What machines ask: is it up?"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """Answers as soon as the process listens, and asks nobody: this is liveness."""
    return JsonResponse({"status": "ok"})
