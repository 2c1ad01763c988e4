"""Figures of how the site is doing, for machines."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from ninja import Query, Router, Schema
from pydantic import Field

from conversations import measures
from conversations.readings import Readings
from conversations.roles import SEE_HEALTH
from dashboard.api.caller import SCRAPERS, ApiRequest
from voice.telemetry import exposition
from voice.telemetry.series import SERIES, Series

router = Router(tags=["Figures"])

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
Span = Annotated[Literal["5m", "1h", "1d"], Query(description="How far back.")]
EXPOSED = {
    "responses": {
        200: {
            "description": "In Prometheus' text form; as JSON with `Accept: application/json`.",
            "content": {
                "text/plain": {"schema": {"type": "string"}},
                "application/json": {"schema": {"type": "object"}},
            },
        }
    }
}


class Figure(Schema):
    label: str = Field(description="What the series is split by; empty for the whole.")
    count: int
    total: float | None = Field(None, description="The sum, of what has a unit.")
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


class Recent(Schema):
    window: Literal["5m", "1h", "1d"]
    seconds: float = Field(description="How much time that was: it began with a whole minute.")
    series: dict[str, list[Figure]]


@router.get("/metrics", auth=SCRAPERS, openapi_extra=EXPOSED, summary="This process")
def metrics(request: ApiRequest) -> HttpResponse:
    """Since the process began; each process answers for itself. For staff who may see how the site
    is doing, or with METRICS_TOKEN."""
    request.caller.require(SEE_HEALTH)
    response = _as_asked(request)
    patch_vary_headers(response, ("Accept",))
    return response


@router.get("/metrics/recent", auth=SCRAPERS, response=Recent, summary="All processes")
def recent_metrics(request: ApiRequest, window: Span = "5m") -> Recent:
    """All processes together, over the last five minutes, hour or day. Quantiles are within
    4.5 %."""
    request.caller.require(SEE_HEALTH)
    readings = measures.window(window, timezone.now())
    series = {each.name: _figures(each, readings) for each in SERIES.values() if each.is_exposed}
    return Recent(window=window, seconds=readings.seconds, series=series)


def _as_asked(request: HttpRequest) -> HttpResponse:
    if request.get_preferred_type(["text/plain", "application/json"]) == "application/json":
        return JsonResponse(exposition.as_json())
    return HttpResponse(exposition.text(), content_type=PROMETHEUS)


def _figures(series: Series, readings: Readings) -> list[Figure]:
    return [_figure(series, readings, label) for label in readings.labels(series.name)]


def _figure(series: Series, readings: Readings, label: str) -> Figure:
    name = series.name
    values: dict[str, Any] = {"label": label, "count": readings.count(name, label)}
    if series.unit:
        values["total"] = readings.total(name, label)
    if series.kind == "histogram":
        values |= {key: readings.quantile(name, q, label) for key, q in QUANTILES.items()}
    return Figure(**values)
