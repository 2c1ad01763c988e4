"""The WebSocket's description for machines."""

from django.conf import settings
from django.http import HttpResponse
from ninja import Router

from dashboard.api.caller import ApiRequest
from dashboard.api.problems import Problem

router = Router(tags=["The site"])

ASYNCAPI = settings.BASE_DIR / "docs" / "asyncapi.yaml"
MEDIA_TYPE = "application/yaml"
DESCRIBED = {
    "responses": {
        200: {
            "description": "AsyncAPI 3.0",
            "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
        }
    }
}


@router.get("/asyncapi.yaml", auth=None, openapi_extra=DESCRIBED, summary="The WebSocket")
def asyncapi(request: ApiRequest) -> HttpResponse:
    """What goes over `/voice/…`, in AsyncAPI."""
    try:
        return HttpResponse(ASYNCAPI.read_bytes(), content_type=MEDIA_TYPE)
    except FileNotFoundError as error:
        raise Problem(404, "This installation came without its documentation.") from error
