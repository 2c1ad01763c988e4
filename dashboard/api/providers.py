"""Who serves, and who is well."""

from typing import Any

from ninja import Router, Schema
from pydantic import Field

from dashboard.api.caller import ApiRequest
from dashboard.live.providers import in_force, wanted
from voice.providers.chains import named
from voice.providers.failover.member import Member

router = Router(tags=["The site"])


class Provider(Schema):
    name: str
    state: str = Field(description="Of its breaker: `closed` when it is well, `open`, `half open`.")
    serves: str = Field("", description="Model and region. This and what follows: for staff.")
    answers: int = 0
    failures: int = 0
    hedges: int = 0
    first_item_p95_ms: int | None = None
    reason: str | None = Field(None, description="Why it is not asked.")
    since: float | None = Field(None, description="Since when, in Unix seconds.")


@router.get(
    "/providers",
    auth=None,
    response=dict[str, list[Provider]],
    exclude_unset=True,
    url_name="providers",
    summary="Who serves, and who is well",
)
async def providers(request: ApiRequest) -> dict[str, list[dict[str, Any]]]:
    """The chains in force, `stt`, `llm`, `tts` and `search`, in order, and who of them is well; for
    staff, also how each has been doing since this process began, and behind the chain the language
    models that only agents ask. The breakers are those of all processes."""
    is_staff = request.caller.is_staff
    shown = _in_full if is_staff else _in_short
    found: dict[str, list[dict[str, Any]]] = {stage: [] for stage in named()}
    for one in await in_force(await wanted() if is_staff else ()):
        found[one.stage].append(shown(one.member))
    return found


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
