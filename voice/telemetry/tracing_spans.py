"""What a turn, and a session, look like as spans: session → turn → part. Pure, and without words.

The parts of a turn lie end to end, as they add up, so the length of a span is the number that the
page, the log and the row have. Names of attributes are OpenTelemetry's where it has some, those of
its conventions for generative AI among them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from uuid import UUID

from voice.telemetry.report import ToolUse, TurnReport

Value = str | bool | int | float

ORDER = (
    "capture_ms",
    "vad_end_ms",
    "stt_ms",
    "recall_ms",
    "llm_ttft_ms",
    "clause_ms",
    "tts_ttfb_ms",
    "network_ms",
    "play_ms",
)
"""The parts of `turn_metrics` as they come about. What the network took is told as one, and laid
behind the server's share."""
STAGES = {"stt_ms": "stt", "llm_ttft_ms": "llm", "tts_ttfb_ms": "tts"}
"""Parts in which a provider is waited for."""
OPERATIONS = {"stt": "speech_to_text", "llm": "chat", "tts": "text_to_speech"}
"""`chat` is the conventions' own; they leave other operations to be named."""
KNOWN_AS = {"gemini": "gcp.gemini", "flux": "deepgram"}
"""What the conventions call a provider, where the chains call it something else."""
REPEATED = "cache"
"""Stands for a provider where an answer was given before."""


@dataclass(frozen=True, slots=True)
class Span:
    trace: int
    id: int
    parent: int | None
    name: str
    began_ns: int
    """Since 1970."""
    ended_ns: int
    attributes: Mapping[str, Value] = field(default_factory=dict)
    is_call: bool = False
    """Of somebody else's service."""
    error: str = ""


@dataclass(frozen=True, slots=True)
class SessionReport:
    """One connection of a conversation that is over."""

    conversation: UUID
    session: UUID
    user: int
    agent: str
    began_at: float
    """Unix seconds."""
    ended_at: float
    close_code: int
    resumed: bool


Models = Mapping[tuple[str, str], str]
"""(stage, provider) → the model it is asked for, where the agent wants no other."""


def session_span(report: SessionReport) -> Span:
    """The root of its trace."""
    return Span(
        trace=report.session.int,
        id=span_id(report.session),
        parent=None,
        name=f"conversation {report.agent}",
        began_ns=_ns(report.began_at),
        ended_ns=_ns(report.ended_at),
        attributes=_whose(report)
        | {"voice.close_code": report.close_code, "voice.resumed": report.resumed},
    )


def turn_spans(report: TurnReport, models: Models) -> list[Span]:
    """The turn, its parts and its tools."""
    parts, tools = list(_parts(report, models)), list(_tools(report))
    began_ns = parts[0].began_ns if parts else _ns(report.speech_ended_at)
    turn = Span(
        trace=report.session.int,
        id=span_id(report.session, report.turn, report.reply),
        parent=span_id(report.session),
        name=f"invoke_agent {report.agent}",
        began_ns=began_ns,
        ended_ns=max([_ns(report.ended_at), *(child.ended_ns for child in (*parts, *tools))]),
        attributes=_of_turn(report),
        error=report.error,
    )
    return [turn, *parts, *tools]


def span_id(session: UUID, *of: int | str) -> int:
    """Anybody who knows the ids can tell: BLAKE2b, 8 bytes, of session/turn/reply/part."""
    path = "/".join(map(str, (session, *of)))
    return int.from_bytes(blake2b(path.encode(), digest_size=8).digest()) or 1


def _parts(report: TurnReport, models: Models) -> Iterator[Span]:
    """Those that took any time, and those in which a provider served."""
    at_ns = _ns(report.speech_ended_at) - _length_ns(report.metrics.capture_ms)
    for part in ORDER:
        ms = getattr(report.metrics, part)
        called = _called(report, part, models)
        if not (ms or called):
            continue
        began_ns, at_ns = at_ns, at_ns + _length_ns(ms)
        yield Span(
            trace=report.session.int,
            id=span_id(report.session, report.turn, report.reply, part),
            parent=span_id(report.session, report.turn, report.reply),
            name=_name(called) or part.removesuffix("_ms"),
            began_ns=began_ns,
            ended_ns=at_ns,
            attributes={"voice.part": part, "gen_ai.conversation.id": str(report.conversation)}
            | called,
            is_call=bool(called),
        )


def _called(report: TurnReport, part: str, models: Models) -> dict[str, Value]:
    """Who served in this part, as the conventions have it; {} for nobody."""
    stage = STAGES.get(part, "")
    provider = report.metrics.providers.get(stage, "")
    if not provider or provider == REPEATED:
        return {}
    called: dict[str, Value] = {
        "gen_ai.operation.name": OPERATIONS[stage],
        "gen_ai.provider.name": KNOWN_AS.get(provider, provider),
    }
    own = report.models.get(provider) if stage == "llm" else ""
    if model := own or models.get((stage, provider)):
        called["gen_ai.request.model"] = model
    match stage:
        case "stt":
            called["voice.heard_s"] = report.usage.heard_s
        case "llm":
            called |= {
                "gen_ai.request.stream": True,
                "gen_ai.usage.input_tokens": report.usage.tokens_in,
                "gen_ai.usage.output_tokens": report.usage.tokens_out,
                "voice.usage_estimated": report.usage.is_estimated,
            }
        case "tts":
            called |= {
                "gen_ai.output.type": "speech",
                "voice.characters": report.usage.characters,
            }
    return called


def _name(called: Mapping[str, Value]) -> str:
    """The operation, and the model where there is one."""
    names = ("gen_ai.operation.name", "gen_ai.request.model")
    return " ".join(str(called[name]) for name in names if name in called)


def _tools(report: TurnReport) -> Iterator[Span]:
    """Where they were called: those that ran side by side overlap."""
    for number, tool in enumerate(report.tools, 1):
        yield _tool(report, tool, number)


def _tool(report: TurnReport, tool: ToolUse, number: int) -> Span:
    began_ns = _ns(tool.began_at)
    return Span(
        trace=report.session.int,
        id=span_id(report.session, report.turn, report.reply, f"tool {number}"),
        parent=span_id(report.session, report.turn, report.reply),
        name=f"execute_tool {tool.name}",
        began_ns=began_ns,
        ended_ns=began_ns + _length_ns(tool.ms),
        attributes={
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": tool.name,
            "gen_ai.tool.type": "function",
            "gen_ai.conversation.id": str(report.conversation),
        },
        error="" if tool.ok else "tool",
    )


def _of_turn(report: TurnReport) -> dict[str, Value]:
    metrics = report.metrics
    numbers = {f"voice.{part}": getattr(metrics, part) for part in (*ORDER, "total_ms")}
    return (
        _whose(report)
        | numbers
        | {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.version": str(report.context_version),
            "voice.turn": report.turn,
            "voice.reply": report.reply,
            "voice.source": report.source,
            "voice.spoken": report.was_spoken,
            "voice.interrupted": report.interrupted,
            "voice.measured": metrics.final,
            "voice.cache_hit": metrics.cache_hit,
            "voice.speculated": metrics.speculated,
            "voice.adopted": metrics.adopted,
        }
    )


def _whose(report: TurnReport | SessionReport) -> dict[str, Value]:
    return {
        "gen_ai.conversation.id": str(report.conversation),
        "gen_ai.agent.name": report.agent,
        "session.id": str(report.session),
        "user.id": str(report.user),
    }


def _ns(seconds: float) -> int:
    return round(seconds * 1e9)


def _length_ns(ms: float) -> int:
    return round(ms * 1e6)
