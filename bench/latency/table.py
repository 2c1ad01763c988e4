"""What `bench.latency` found, as the Markdown tables of docs/latency.md."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.figures import percentile
from bench.latency.calls import Figures
from bench.latency.oracle import OracleFigures
from bench.latency.simulated.marks import Mark

NAMES = {
    "ours": "**ours**",
    "default": "Pipecat, default",
    "tuned": "Pipecat, Smart Turn and a tuned timer",
    "fastest": "Pipecat, fastest",
}
PARTS = ("vad_end_ms", "stt_ms", "recall_ms", "llm_ttft_ms", "clause_ms", "tts_ttfb_ms")


@dataclass
class Run:
    """Everything measured with one profile."""

    profile: str
    systems: dict[str, Figures] = field(default_factory=dict)
    oracle: OracleFigures = field(default_factory=OracleFigures)


def table(runs: Sequence[Run]) -> str:
    return "\n\n".join("\n".join(block) for run in runs for block in _blocks(run))


def _blocks(run: Run) -> Iterator[list[str]]:
    yield [f"### Profile: {run.profile}"]
    yield _answers(run)
    yield _moments(run)
    if stops := _stops(run):
        yield stops
    if parts := _parts(run.systems["ours"]):
        yield parts
    yield _asked(run)
    yield [_speculation(run.systems["ours"])]
    yield _ratios(run)
    yield [_lateness(run)]


def _answers(run: Run) -> list[str]:
    rows = [
        (NAMES[name], *_ms(found.answers_ms), len(found.unanswered), len(found.early))
        for name, found in run.systems.items()
    ]
    oracles = (
        ("oracle, told the end of the turn, tokens to the voice", run.oracle.tokens_ms),
        ("the same, clauses to the voice", run.oracle.clauses_ms),
        ("oracle, told the transcript at the end of speech", run.oracle.known_ms),
    )
    rows += [(name, *_ms(values), "", "") for name, values in oracles]
    head = ("end of speech → first audio, ms", "p50", "p95", "max", "n", "unanswered", "early")
    return list(_markdown(head, rows))


def _moments(run: Run) -> list[str]:
    rows = [
        (NAMES[name], *(_ms(found.moments_ms.get(mark, ()))[0] for mark in Mark))
        for name, found in run.systems.items()
    ]
    return list(_markdown(("in the median, ms after the end of speech", *Mark), rows))


def _stops(run: Run) -> list[str]:
    rows: list[tuple[object, ...]] = []
    for name, found in run.systems.items():
        if found.ducks_ms:
            rows.append((f"{NAMES[name]}, ducked", *_ms(found.ducks_ms), ""))
        if found.stops_ms or found.missed:
            rows.append((f"{NAMES[name]}, stopped", *_ms(found.stops_ms), len(found.missed)))
    head = ("onset of speech over a reply →, ms", "p50", "p95", "max", "n", "missed")
    return list(_markdown(head, rows)) if rows else []


def _parts(ours: Figures) -> list[str]:
    rows: list[tuple[object, ...]] = [
        (f"`{name}`", *_ms(ours.parts[name])) for name in PARTS if name in ours.parts
    ]
    beyond = [sum(each) for each in zip(*(ours.parts[name] for name in PARTS[1:]), strict=True)]
    rows.append(("all after `vad_end_ms`", *_ms(beyond)))
    rows.append(("`thinking` → first audio, at the client", *_ms(ours.decided_ms)))
    return list(_markdown(("parts of ours, ms", "p50", "p95", "max", "n"), rows))


def _asked(run: Run) -> list[str]:
    rows = [
        (
            NAMES[name],
            *(
                f"{found.asked[what] / found.turns:.2f}"
                for what in ("requests", "prompt_tokens", "completion_tokens", "characters")
            ),
        )
        for name, found in run.systems.items()
    ]
    head = (
        "asked of the vendors, per turn",
        "requests of the model",
        "prompt tokens",
        "completion tokens",
        "characters of the voice",
    )
    return list(_markdown(head, rows))


def _speculation(ours: Figures) -> str:
    begun, turns = sum(ours.speculated), len(ours.speculated)
    return (
        f"Speculation: {begun} answers begun before the end of {turns} turns, {ours.adopted} "
        f"adopted, {begun - ours.adopted} dropped."
    )


def _ratios(run: Run) -> list[str]:
    ours = run.systems["ours"].answers_ms
    others = {NAMES[name]: found.answers_ms for name, found in run.systems.items()}
    others |= {"the oracle, tokens": run.oracle.tokens_ms}
    rows = [
        (f"ours / {name}", f"{percentile(ours, 50) / percentile(values, 50):.2f}")
        for name, values in others.items()
        if values is not ours and values and ours
    ]
    return list(_markdown(("ratio of medians", ""), rows))


def _lateness(run: Run) -> str:
    late = [ms for found in run.systems.values() for ms in found.late_ms]
    return (
        f"Frames of the microphone went out {percentile(late, 50):.1f} ms late in the median, "
        f"{percentile(late, 95):.1f} ms at p95, {max(late):.1f} ms at most (n={len(late)})."
    )


def _ms(values: Sequence[float]) -> tuple[str, ...]:
    if not values:
        return ("–", "–", "–", "0")
    shown = (percentile(values, 50), percentile(values, 95), max(values))
    return (*(f"{value:.0f}" for value in shown), str(len(values)))


def _markdown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"
