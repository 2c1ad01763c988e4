"""Is it up, and can it serve?"""

from typing import Literal

from ninja import Router, Schema, Status
from pydantic import Field

from dashboard.api import readiness
from dashboard.api.caller import ApiRequest

router = Router(tags=["The site"])


class Health(Schema):
    status: Literal["ok"]


class Check(Schema):
    name: str
    ok: bool
    needed: bool = Field(description="Without it nobody can be served.")
    detail: str
    ms: float


class Ready(Schema):
    status: Literal["ready", "degraded", "unavailable"]
    checks: list[Check]


@router.get("/health", auth=None, response=Health, url_name="health", summary="Does it live?")
async def health(request: ApiRequest) -> dict[str, str]:
    """Answers as soon as the process listens, and asks nobody."""
    return {"status": "ok"}


@router.get(
    "/ready",
    auth=None,
    response={200: Ready, 503: Ready},
    url_name="ready",
    summary="Can it serve?",
)
async def ready(request: ApiRequest) -> Status[Ready]:
    """What works and what does not. 503 when it cannot serve; `degraded` is a 200: calls go on,
    with less."""
    checks = await readiness.checked(readiness.CHECKS)
    status = readiness.status(checks)
    document = Ready(status=status, checks=[Check.from_orm(check) for check in checks])
    return Status(503 if status == "unavailable" else 200, document)
