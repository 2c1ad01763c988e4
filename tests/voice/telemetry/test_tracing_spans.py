from dataclasses import replace
from itertools import pairwise

from tests.voice.telemetry.reports import CONVERSATION, ENDED_AT, METRICS, REPORT, SESSION, report
from voice.telemetry.series import PARTS
from voice.telemetry.tracing_spans import (
    ORDER,
    SessionReport,
    Span,
    session_span,
    span_id,
    turn_spans,
)

MODELS = {("llm", "groq"): "openai/gpt-oss-20b", ("tts", "cartesia"): "sonic-3.5"}
ROOT = SessionReport(
    conversation=CONVERSATION,
    session=SESSION,
    user=7,
    agent="tutor",
    began_at=ENDED_AT - 60,
    ended_at=ENDED_AT + 60,
    close_code=1000,
    resumed=False,
)


def parts_of(spans: list[Span]) -> dict[str, Span]:
    return {str(s.attributes["voice.part"]): s for s in spans if "voice.part" in s.attributes}


def ms(span: Span) -> float:
    return (span.ended_ns - span.began_ns) / 1e6


def test_the_length_of_each_span_is_the_number_of_its_part():
    parts = parts_of(turn_spans(REPORT, MODELS))

    assert {name: ms(span) for name, span in parts.items()} == {
        name: getattr(METRICS, name) for name in PARTS
    }


def test_the_parts_lie_end_to_end_from_the_mouth_to_the_ear():
    parts = parts_of(turn_spans(REPORT, MODELS))

    assert list(parts) == list(ORDER)
    assert all(one.ended_ns == next_.began_ns for one, next_ in pairwise(parts.values()))
    assert parts["vad_end_ms"].began_ns == round(ENDED_AT * 1e9)
    assert (parts["play_ms"].ended_ns - parts["capture_ms"].began_ns) / 1e6 == METRICS.total_ms


def test_every_part_of_the_catalogue_has_its_place():
    assert set(ORDER) == set(PARTS)


def test_the_turn_lasts_until_the_reply_is_over_and_has_the_whole_as_a_number():
    turn = turn_spans(REPORT, MODELS)[0]

    assert turn.name == "invoke_agent tutor"
    assert turn.ended_ns == round((ENDED_AT + 5) * 1e9)
    assert turn.attributes["voice.total_ms"] == METRICS.total_ms
    assert turn.attributes["gen_ai.operation.name"] == "invoke_agent"
    assert turn.attributes["gen_ai.conversation.id"] == str(CONVERSATION)
    assert turn.attributes["gen_ai.agent.version"] == "12"


def test_a_session_holds_its_turns_and_a_turn_its_parts():
    root, spans = session_span(ROOT), turn_spans(REPORT, MODELS)
    turn = spans[0]

    assert root.parent is None
    assert turn.parent == root.id
    assert {span.parent for span in spans[1:]} == {turn.id}
    assert {span.trace for span in (root, *spans)} == {SESSION.int}
    assert len({span.id for span in (root, *spans)}) == len(spans) + 1


def test_ids_can_be_told_from_the_session_the_turn_and_the_reply():
    again = turn_spans(replace(REPORT, usage=REPORT.usage), MODELS)
    other = turn_spans(replace(REPORT, reply=5), MODELS)

    assert [span.id for span in again] == [span.id for span in turn_spans(REPORT, MODELS)]
    assert again[0].id == span_id(SESSION, 3, 4)
    assert not {span.id for span in again} & {span.id for span in other}


def test_providers_are_told_by_the_conventions_for_generative_ai():
    parts = parts_of(turn_spans(REPORT, MODELS))
    thinking, speaking = parts["llm_ttft_ms"], parts["tts_ttfb_ms"]

    assert [parts[name].name for name in ("stt_ms", "llm_ttft_ms", "tts_ttfb_ms")] == [
        "speech_to_text",
        "chat openai/gpt-oss-20b",
        "text_to_speech sonic-3.5",
    ]
    assert thinking.is_call
    assert not parts["recall_ms"].is_call
    assert (
        thinking.attributes.items()
        >= {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "groq",
            "gen_ai.request.model": "openai/gpt-oss-20b",
            "gen_ai.usage.input_tokens": 800,
            "gen_ai.usage.output_tokens": 40,
        }.items()
    )
    assert speaking.attributes["gen_ai.output.type"] == "speech"


def test_the_model_is_the_agents_where_it_names_one():
    own = replace(REPORT, models={"groq": "llama-4", "cartesia": "no voice is chosen like this"})
    names = [span.name for span in turn_spans(own, MODELS)]

    assert "chat llama-4" in names
    assert "text_to_speech sonic-3.5" in names


def test_a_provider_has_the_name_that_the_conventions_give_it():
    parts = parts_of(turn_spans(report(providers={"llm": "gemini"}), {}))

    assert parts["llm_ttft_ms"].attributes["gen_ai.provider.name"] == "gcp.gemini"
    assert parts["llm_ttft_ms"].name == "chat"


def test_an_answer_given_again_asked_no_model():
    again = report(cache_hit=True, providers={"stt": "deepgram", "llm": "cache", "tts": "cache"})
    parts = parts_of(turn_spans(again, MODELS))

    assert parts["llm_ttft_ms"].name == "llm_ttft"
    assert not parts["llm_ttft_ms"].is_call
    assert "gen_ai.usage.input_tokens" not in parts["llm_ttft_ms"].attributes


def test_what_speculation_hid_is_no_span_unless_somebody_served_in_it():
    parts = parts_of(turn_spans(report(recall_ms=0.0, llm_ttft_ms=0.0), MODELS))

    assert "recall_ms" not in parts
    assert ms(parts["llm_ttft_ms"]) == 0
    assert parts["llm_ttft_ms"].attributes["gen_ai.usage.output_tokens"] == 40


def test_a_reply_without_any_number_is_a_turn_all_the_same():
    nothing = report(**dict.fromkeys((*PARTS, "total_ms"), 0.0), providers={})
    [turn] = turn_spans(replace(nothing, tools=(), error="llm", reply=0), MODELS)

    assert turn.error == "llm"
    assert turn.began_ns == round(ENDED_AT * 1e9)


def test_a_tool_takes_as_long_as_it_took_and_says_when_it_failed():
    spans = turn_spans(REPORT, MODELS)
    recall, search = spans[-2:]

    assert (recall.name, ms(recall), recall.error) == ("execute_tool recall", 35.5, "")
    assert (search.name, ms(search), search.error) == ("execute_tool web_search", 900.0, "tool")


def test_tools_lie_where_they_were_called_and_overlap_where_they_ran_side_by_side():
    recall, search = turn_spans(REPORT, MODELS)[-2:]

    assert recall.began_ns == round((ENDED_AT + 0.6) * 1e9)
    assert search.began_ns < recall.began_ns < recall.ended_ns < search.ended_ns


def test_the_turn_lasts_until_its_last_tool_is_done():
    late = replace(REPORT.tools[0], began_at=ENDED_AT + 6)
    turn, *_, tool = turn_spans(replace(REPORT, tools=(late,)), MODELS)

    assert turn.ended_ns == tool.ended_ns


def test_the_session_says_how_it_was_closed():
    root = session_span(replace(ROOT, close_code=1006, resumed=True))

    assert root.name == "conversation tutor"
    assert (root.ended_ns - root.began_ns) / 1e9 == 120
    assert root.attributes["voice.close_code"] == 1006
    assert root.attributes["voice.resumed"] is True
