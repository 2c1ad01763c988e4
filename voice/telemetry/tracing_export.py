"""Spans on their way out, over OTLP/HTTP: the one module of ours that imports OpenTelemetry's SDK.

A thread of the SDK's makes the spans and sends them in batches; its queue is bounded, and full, the
oldest go. Beside the endpoint the SDK reads its own variables from the environment, such as
OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES.
"""

import logging
from collections.abc import Callable, Iterable, Sequence

import structlog
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from voice.telemetry.tracing_spans import Span

log = structlog.get_logger()

WAITING_MAX = 512
"""Turns and sessions. Full, the oldest go."""
BATCH_MAX = 16
"""Of these at a time, since wording them takes the interpreter that everybody shares."""
SEND_EVERY_S = 2.0
SEND_S = 5.0
"""For one batch, tried again meanwhile; then it is given up."""
SERVICE = "voiceassistant"
SCOPE = InstrumentationScope("voice")
SAMPLED = TraceFlags(TraceFlags.SAMPLED)

Make = Callable[[], Iterable[Span]]
"""Makes the spans of a turn or a session, later and elsewhere."""

# It complains of each batch, with a traceback each; one line of ours says it once.
logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)


class Export:
    def __init__(
        self, endpoint: str, *, every_s: float = SEND_EVERY_S, send_s: float = SEND_S
    ) -> None:
        """endpoint: of a collector, without the path of a signal."""
        sending = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=send_s)
        self._resource = _resource()
        self._batches = BatchSpanProcessor(
            _Sending(sending, self._resource),
            max_queue_size=WAITING_MAX,
            schedule_delay_millis=every_s * 1000,
            max_export_batch_size=BATCH_MAX,
        )

    def put(self, make: Make) -> None:
        """Have these spans made and sent. Waits for nobody."""
        self._batches.on_end(_Waiting(make, self._resource))

    def flush(self) -> None:
        """Send what is waiting, here and now. Takes up to `send_s` for each batch."""
        self._batches.force_flush()

    def close(self) -> None:
        """The same, and no more after it."""
        self._batches.shutdown()  # type: ignore[no-untyped-call]


class _Waiting(ReadableSpan):
    """Stands in the queue for the spans that are made of it."""

    def __init__(self, make: Make, resource: Resource) -> None:
        context = SpanContext(1, 1, is_remote=False, trace_flags=SAMPLED)
        super().__init__("", context, resource=resource)
        self.make = make


class _Sending(SpanExporter):
    """Says in the log once that nobody takes the spans, and once that somebody does again."""

    def __init__(self, sending: SpanExporter, resource: Resource) -> None:
        self._sending = sending
        self._resource = resource
        self._is_well = True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        made = [span for waiting in spans for span in self._made(waiting)]
        result = self._sending.export(made)
        self._tell(result is SpanExportResult.SUCCESS, len(made))
        return result

    def shutdown(self) -> None:
        self._sending.shutdown()

    def _made(self, waiting: ReadableSpan) -> list[ReadableSpan]:
        assert isinstance(waiting, _Waiting)
        try:
            return [_readable(span, self._resource) for span in waiting.make()]
        except Exception:  # our own mistake, which the SDK would tell nobody
            log.exception("trace.broke")
            return []

    def _tell(self, is_well: bool, spans: int) -> None:
        was_well, self._is_well = self._is_well, is_well
        if was_well and not is_well:
            log.warning("traces.not_sent", spans=spans)
        elif is_well and not was_well:
            log.info("traces.sent_again", spans=spans)


def _readable(span: Span, resource: Resource) -> ReadableSpan:
    context = SpanContext(span.trace, span.id, is_remote=False, trace_flags=SAMPLED)
    parent = SpanContext(span.trace, span.parent, is_remote=False) if span.parent else None
    return ReadableSpan(
        span.name,
        context=context,
        parent=parent,
        resource=resource,
        attributes=dict(span.attributes) | ({"error.type": span.error} if span.error else {}),
        kind=SpanKind.CLIENT if span.is_call else SpanKind.INTERNAL,
        status=Status(StatusCode.ERROR if span.error else StatusCode.UNSET),
        start_time=span.began_ns,
        end_time=span.ended_ns,
        instrumentation_scope=SCOPE,
    )


def _resource() -> Resource:
    """Who says so; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES may say otherwise."""
    resource = Resource.create()
    if "unknown_service" in str(resource.attributes.get(SERVICE_NAME, "")):
        resource = resource.merge(Resource({SERVICE_NAME: SERVICE}))
    return resource
