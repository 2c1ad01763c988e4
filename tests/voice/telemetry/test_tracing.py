"""Traces over real OTLP/HTTP, to a collector on loopback."""

import asyncio
import socket
import subprocess
import sys

from structlog.testing import capture_logs

from tests.voice.telemetry.collector import Collector, attributes, ms
from tests.voice.telemetry.reports import ENDED_AT, METRICS, REPORT, SESSION
from tests.voice.telemetry.test_tracing_spans import ROOT
from voice.telemetry import tracing
from voice.telemetry.tracing_export import WAITING_MAX, Export, Make
from voice.telemetry.tracing_spans import Span

NEVER_S = 3600.0
"""Nothing is sent before it is closed."""
SENDING = (
    "opentelemetry.sdk.trace",
    "opentelemetry.exporter",
    "requests",
    "voice.telemetry.tracing_export",
)
"""What is imported to send traces. The Redis client imports other parts of the SDK by itself."""


def one(number: int) -> Make:
    return lambda: [Span(SESSION.int, number, None, f"span {number}", began_ns=1, ended_ns=2)]


async def test_a_session_arrives_with_its_turns_and_their_parts(traced: Collector):
    tracing.trace_turn(REPORT)
    tracing.trace_session(ROOT)
    await tracing.flush(5.0)

    by_name = {span.name: span for span in traced.spans}
    root, turn = by_name["conversation tutor"], by_name["invoke_agent tutor"]
    parts = [span for span in traced.spans if span.parent_span_id == turn.span_id]
    assert {span.trace_id for span in traced.spans} == {SESSION.bytes}
    assert root.parent_span_id == b""
    assert turn.parent_span_id == root.span_id
    lengths = {attributes(part)["voice.part"]: ms(part) for part in parts[:9]}
    assert lengths == {name: getattr(METRICS, name) for name in lengths}
    assert len(lengths) == 9
    assert attributes(turn)["voice.total_ms"] == METRICS.total_ms
    assert attributes(by_name["execute_tool web_search"])["error.type"] == "tool"
    assert root.start_time_unix_nano == round((ENDED_AT - 60) * 1e9)


async def test_it_says_who_sends_it(traced: Collector):
    tracing.trace_session(ROOT)
    await tracing.flush(5.0)

    [request] = traced.requests
    [resource] = request.resource_spans
    named = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
    assert named["service.name"] == "voiceassistant"


async def test_models_are_those_of_the_settings(traced: Collector, settings):
    tracing.trace_turn(REPORT)
    await tracing.flush(5.0)

    [thinking] = [span for span in traced.spans if span.name.startswith("chat")]
    model = attributes(thinking)["gen_ai.request.model"]
    assert model == settings.PROVIDERS["GROQ_LLM_MODEL"]


def test_a_collector_that_hangs_holds_nobody_up(collector: Collector):
    collector.answers.clear()
    export = Export(collector.url, every_s=0.01, send_s=60.0)
    export.put(one(0))
    assert collector.was_asked.wait(5.0)

    for number in range(1, WAITING_MAX + 101):
        export.put(one(number))  # it still hangs, and this comes back

    collector.answers.set()
    export.close()
    kept = range(101, WAITING_MAX + 101)  # full, the oldest go
    assert [span.name for span in collector.spans] == [f"span {n}" for n in (0, *kept)]


async def test_the_last_traces_are_waited_for_no_longer_than_the_deadline(traced: Collector):
    traced.answers.clear()
    tracing.trace_session(ROOT)

    with capture_logs() as logged:
        await tracing.flush(0.05)

    assert not traced.answers.is_set()  # nobody had to let go of it
    assert [entry["event"] for entry in logged] == ["traces.not_flushed"]


async def test_the_event_loop_goes_on_while_the_last_traces_are_sent(traced: Collector):
    traced.answers.clear()
    tracing.trace_session(ROOT)
    flushing = asyncio.create_task(tracing.flush(30.0))
    await asyncio.to_thread(traced.was_asked.wait, 5.0)

    traced.answers.set()
    await flushing

    assert [span.name for span in traced.spans] == ["conversation tutor"]


def test_nobody_at_the_endpoint_is_said_once_and_so_is_that_somebody_came_back():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    export = Export(f"http://127.0.0.1:{nobody}", every_s=NEVER_S, send_s=0.1)

    with capture_logs() as logged:
        for _ in range(3):
            export.put(one(1))
            export.flush()
        export.close()

    assert [entry["event"] for entry in logged] == ["traces.not_sent"]


def test_a_collector_that_is_well_again_gets_what_comes_then(collector: Collector):
    export = Export(collector.url, every_s=NEVER_S, send_s=0.1)

    with capture_logs() as logged:
        for status in (503, 503, 200):
            collector.status = status
            export.put(one(1))
            export.flush()
        export.close()

    assert [entry["event"] for entry in logged] == ["traces.not_sent", "traces.sent_again"]
    assert [span.name for span in collector.spans] == ["span 1"]


def test_a_turn_that_cannot_be_told_is_a_mistake_in_the_log_and_costs_the_others_nothing(
    collector: Collector,
):
    export = Export(collector.url, every_s=NEVER_S)

    with capture_logs() as logged:
        export.put(lambda: [one(1)()[0], 1 // 0])
        export.put(one(2))
        export.close()

    assert [(e["event"], e["exc_info"]) for e in logged] == [("trace.broke", True)]
    assert [span.name for span in collector.spans] == ["span 2"]


async def test_without_an_endpoint_nothing_is_made_and_nothing_imported():
    code = (
        "import asyncio, sys; from conftest import django; "
        "from tests.voice.telemetry.reports import REPORT; "
        "from voice.telemetry import tracing; "
        "tracing.trace_turn(REPORT); asyncio.run(tracing.flush(1.0)); "
        "print([name for name in sys.modules if name.startswith(SENDING)])"
    ).replace("SENDING", str(SENDING))
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"


def test_a_link_leads_to_the_trace_of_a_session(settings):
    settings.TRACE_URL = "http://localhost:16686/trace/{trace_id}"

    assert tracing.link(SESSION) == f"http://localhost:16686/trace/{SESSION.hex}"


def test_without_an_address_there_is_no_link(settings):
    settings.TRACE_URL = ""

    assert tracing.link(SESSION) == ""
