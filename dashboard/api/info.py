"""What this is and where its parts are, for whoever comes by."""

from ninja import Router, Schema

from dashboard.api.caller import ApiRequest
from voice import views

router = Router(tags=["The site"])


class Info(Schema):
    name: str
    docs: str
    openapi: str
    asyncapi: str
    socket: str
    log_in: str
    health: str
    ready: str


@router.get("/api/", auth=None, response=Info, summary="What this is")
def info(request: ApiRequest) -> dict[str, str]:
    """The same as `GET /` with `Accept: application/json`."""
    return views.about()
