import asyncio
import logging
import os
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.simulators.conduct import Fault
from tests.simulators.gemini import GeminiSimulator, event
from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderUnavailable,
)
from voice.providers.llm.contents import FOREIGN, KEPT_MAX, Signatures, contents
from voice.providers.llm.gemini import Gemini
from voice.providers.protocols import Message, Prompt, Tokens, Tool, ToolCall

KEY = "AIza-secret-0123456789"
SIGNATURE = "c2lnbmVk"
PARAMETERS = {"type": "object", "properties": {"fact": {"type": "string"}}}
REMEMBER = Tool("remember", "Keep a fact.", PARAMETERS)
HELLO = Message("user", "Hello.")
PROMPT = Prompt("Be brief.", (HELLO,))
CALL = {"functionCall": {"name": "remember", "args": {"fact": "tea"}}}
HI = (event("Hi"), event(" there."), event(finish="STOP"))


@pytest.fixture
async def vendor() -> AsyncIterator[GeminiSimulator]:
    async with GeminiSimulator() as simulator:
        yield simulator


@pytest.fixture
async def model(vendor: GeminiSimulator) -> AsyncIterator[Gemini]:
    gemini = make(vendor)
    yield gemini
    await gemini.aclose()


def make(vendor: GeminiSimulator, model: str = "gemini-3.8-flash") -> Gemini:
    return Gemini(Account("gemini", KEY, vendor.url, model, "GEMINI_LLM_MODEL"))


async def answer(model: Gemini, prompt: Prompt = PROMPT) -> list[str | ToolCall]:
    async with asyncio.timeout(10), aclosing(model.stream(prompt)) as stream:
        return [token async for token in stream]


async def test_what_the_answer_took_is_told_with_its_thoughts(model, vendor):
    told: list[Tokens] = []
    last = event(finish="STOP")
    usage = {"promptTokenCount": 8, "candidatesTokenCount": 3, "thoughtsTokenCount": 4}
    vendor.will(*HI[:2], last | {"usageMetadata": usage | {"totalTokenCount": 15}})

    await answer(model, replace(PROMPT, on_tokens=told.append))

    assert told == [Tokens(8, 7)]


async def asked_of(vendor: GeminiSimulator, name: str, prompt: Prompt = PROMPT) -> dict:
    """What a request for this model looks like."""
    gemini = make(vendor, name)
    await answer(gemini, prompt)
    await gemini.aclose()
    return vendor.asked[-1].json


async def test_it_asks_for_what_the_pipeline_needs(model, vendor):
    said = Message("assistant", "Hi."), Message("user", "Bye.")
    await answer(model, Prompt("Be brief.", (HELLO, *said), (REMEMBER,), reply_tokens_max=70))

    [asked] = vendor.asked
    assert asked.path == "/v1/models/gemini-3.8-flash:streamGenerateContent?alt=sse"
    assert asked.headers["x-goog-api-key"] == KEY
    assert asked.json["systemInstruction"]["parts"] == [{"text": "Be brief."}]
    assert asked.json["contents"] == [
        {"role": "user", "parts": [{"text": "Hello."}]},
        {"role": "model", "parts": [{"text": "Hi."}]},
        {"role": "user", "parts": [{"text": "Bye."}]},
    ]
    [tools] = asked.json["tools"]
    [declaration] = tools["functionDeclarations"]
    assert (declaration["name"], declaration["description"]) == ("remember", "Keep a fact.")
    assert PARAMETERS in declaration.values()


@pytest.mark.parametrize(
    ("name", "thinking", "tokens"),
    [
        ("gemini-2.0-flash", None, 150),
        ("gemini-2.5-flash", {"thinking_budget": 0}, 150),
        ("gemini-2.5-pro", {"thinking_budget": 128}, 650),
        ("gemini-3.1-flash-lite", {"thinking_level": "MINIMAL"}, 650),
        ("gemini-3.5-flash-lite", {"thinking_level": "MINIMAL"}, 650),
        ("gemini-3.6-flash", {"thinking_level": "MINIMAL"}, 650),
        ("gemini-3.8-flash", {"thinking_level": "LOW"}, 650),
        ("gemini-3.1-pro-preview", {"thinking_level": "LOW"}, 650),
        ("gemini-flash-latest", {"thinking_level": "LOW"}, 650),
        ("gemma-3", None, 150),
    ],
)
async def test_no_model_thinks_longer_than_it_must(name, thinking, tokens, vendor):
    asked = await asked_of(vendor, name)

    assert asked["generationConfig"].get("thinkingConfig") == thinking
    assert asked["generationConfig"]["maxOutputTokens"] == tokens


@pytest.mark.parametrize(
    ("name", "temperature"), [("gemini-2.5-flash", 0.7), ("gemini-3.8-flash", None)]
)
async def test_only_the_older_models_are_given_a_temperature(name, temperature, vendor):
    asked = await asked_of(vendor, name)

    assert asked["generationConfig"].get("temperature") == temperature


async def test_thoughts_are_not_spoken(model, vendor):
    vendor.will(event({"text": "The user greets me.", "thought": True}), *HI)

    assert await answer(model) == ["Hi", " there."]


async def test_one_question_is_one_request_even_where_the_model_wants_to_go_on(model, vendor):
    token = {"continuationToken": "Z28gb24="}  # the SDK would ask again by itself
    unfinished = event(" there.", finish="CONTINUATION")
    unfinished["candidates"][0] |= token
    vendor.will(event("Hi"), unfinished)

    with pytest.raises(ProviderUnavailable, match="CONTINUATION"):
        await answer(model)
    assert len(vendor.asked) == 1


async def test_nobody_calls_a_tool_for_us(model, vendor):
    vendor.will_call("remember", {"fact": "tea"})
    [call] = await answer(model, Prompt("", (HELLO,), (REMEMBER,)))

    assert call.name == "remember"
    assert len(vendor.asked) == 1


# --- signatures -----------------------------------------------------------------------------------
async def test_a_calls_signature_is_sent_back_with_its_result(model, vendor):
    vendor.will_call("remember", {"fact": "tea"}, thoughtSignature=SIGNATURE)
    [call] = await answer(model)
    await answer(model, Prompt("", (HELLO, Message("tool", "Done.", call))))

    made, result = vendor.asked[1].json["contents"][1:]
    assert made == {
        "role": "model",
        "parts": [
            {
                "functionCall": {"id": "call-0", "name": "remember", "args": {"fact": "tea"}},
                "thoughtSignature": SIGNATURE,
            }
        ],
    }
    response = {"id": "call-0", "name": "remember", "response": {"output": "Done."}}
    assert result == {"role": "user", "parts": [{"functionResponse": response}]}


async def test_a_call_without_an_id_gets_one_of_its_own(model, vendor):
    vendor.will(event(CALL | {"thoughtSignature": SIGNATURE}, finish="STOP"))
    vendor.will(event(CALL | {"thoughtSignature": "b3RoZXI="}, finish="STOP"))
    [first], [second] = await answer(model), await answer(model)
    await answer(model, Prompt("", (HELLO, Message("tool", "Done.", first))))

    assert first.id != second.id
    made = vendor.asked[-1].json["contents"][1]["parts"][0]
    assert made["thoughtSignature"] == SIGNATURE


@pytest.mark.parametrize(
    ("name", "signature"),
    [("gemini-3.8-flash", urlsafe_b64encode(FOREIGN).decode()), ("gemini-2.5-flash", None)],
)
async def test_a_foreign_call_is_sent_as_one_where_signatures_are_demanded(name, signature, vendor):
    foreign = Message("tool", "Done.", ToolCall("call-x", "remember", {"fact": "tea"}))
    asked = await asked_of(vendor, name, Prompt("", (HELLO, foreign)))

    assert asked["contents"][1]["parts"][0].get("thoughtSignature") == signature


def test_signatures_are_kept_for_so_many_calls_and_then_forgotten():
    signatures = Signatures(demanded=True)
    calls = [ToolCall(str(number), "remember") for number in range(KEPT_MAX + 1)]
    for call in calls:
        signatures.keep(call, call.id.encode())

    assert signatures.of((calls[0],)) == [FOREIGN]
    assert signatures.of(tuple(calls[1:])) == [call.id.encode() for call in calls[1:]]


def test_a_call_that_follows_words_of_the_model_stands_in_the_same_content():
    call = ToolCall("1", "remember")
    messages = (HELLO, Message("assistant", "One moment."), Message("tool", "Done.", call))
    found = contents(Prompt("", messages), Signatures(demanded=True))

    assert [entry["role"] for entry in found] == ["user", "model", "user"]


async def test_of_several_calls_the_first_is_signed_and_so_are_they_sent_back(model, vendor):
    vendor.will_call_all(("remember", {"fact": "tea"}), ("recall", {"query": "tea"}))
    calls = await answer(model)
    results = [Message("tool", call.name, call) for call in calls]
    asked = Message("assistant", "Let me see.", calls=tuple(calls))
    await answer(model, Prompt("", (HELLO, asked, *results)))

    made, given = vendor.asked[1].json["contents"][1:]
    assert [part.get("thoughtSignature") for part in made["parts"]] == [None, "c2lnbmVk", None]
    assert [part["functionResponse"]["name"] for part in given["parts"]] == ["remember", "recall"]


# --- how it ends ----------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["STOP", "MAX_TOKENS"])
async def test_an_answer_that_ended_by_itself_or_at_its_limit_is_whole(reason, model, vendor):
    vendor.will(event("Hi"), event(finish=reason))

    assert await answer(model) == ["Hi"]


@pytest.mark.parametrize(
    "reason", ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "MALFORMED_FUNCTION_CALL", "OTHER"]
)
async def test_an_answer_that_was_stopped_is_a_failure_and_says_by_what(reason, model, vendor):
    vendor.will(event("Hi"), event(finish=reason))

    with pytest.raises(ProviderUnavailable, match=reason):
        await answer(model)


async def test_a_prompt_that_was_blocked_is_a_failure_and_says_why(model, vendor):
    vendor.will({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})

    with pytest.raises(ProviderUnavailable, match="PROHIBITED_CONTENT"):
        await answer(model)


async def test_an_answer_without_a_word_is_a_failure(model, vendor):
    vendor.will(event({"text": "Hm.", "thought": True}), event(finish="MAX_TOKENS"))

    with pytest.raises(ProviderUnavailable, match=r"said nothing \(MAX_TOKENS\)"):
        await answer(model)


async def test_a_peer_that_does_not_end_its_answer_delays_it_hardly(model, vendor):
    vendor.will(*HI, then=Fault.STALL)

    async with asyncio.timeout(2):
        assert await answer(model) == ["Hi", " there."]
    await vendor.until(lambda: vendor.answering == 0)


@pytest.mark.parametrize("then", [Fault.DROP, Fault.GARBAGE])
async def test_what_goes_wrong_behind_the_end_does_not_spoil_the_answer(then, model, vendor):
    vendor.will(*HI, then=then)

    assert await answer(model) == ["Hi", " there."]


async def test_the_next_turn_uses_the_same_connection(model, vendor):
    for _ in range(3):
        await answer(model)

    assert vendor.connections == 1


@pytest.mark.parametrize(
    "nonsense",
    [
        {"candidates": 7},
        {"candidates": [{"content": {"parts": "x"}}]},
        {"error": "x"},
        {"error": {"code": "x"}},
        {"error": {}},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_a_failure(nonsense, model, vendor):
    vendor.will(event("Hi"), nonsense, then=Fault.STALL)

    with pytest.raises(ProviderUnavailable):
        await answer(model)
    await vendor.until(lambda: vendor.answering == 0)


# --- refusals -------------------------------------------------------------------------------------
INVALID_KEY = {
    "status": 400,
    "message": f"API key not valid: {KEY}",
    "details": ({"reason": "API_KEY_INVALID", "domain": "googleapis.com"},),
}
DELAY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}


@pytest.mark.parametrize(
    ("refusal", "error", "said"),
    [
        (INVALID_KEY, ProviderRejected, "check GEMINI_API_KEY"),
        ({"status": 401}, ProviderRejected, "check GEMINI_API_KEY"),
        ({"status": 403}, ProviderRejected, "check GEMINI_API_KEY"),
        ({"status": 404}, ProviderRejected, "check GEMINI_LLM_MODEL"),
        ({"status": 400, "message": f"odd {KEY}"}, ProviderRejected, "check GEMINI_LLM_MODEL="),
        ({"status": 429}, ProviderBusy, "429"),
        ({"status": 500}, ProviderUnavailable, "500"),
        ({"status": 503, "message": "The model is overloaded."}, ProviderUnavailable, "503"),
    ],
)
async def test_a_refusal_says_what_to_do_and_never_the_key(
    refusal, error, said, model, vendor, caplog
):
    caplog.set_level(logging.DEBUG)
    vendor.will_refuse(**refusal)

    with pytest.raises(error, match=said) as raised:
        await answer(model)

    assert len(vendor.asked) == 1  # nobody tries again behind our back
    shown = str(raised.value) + raised.value.said + caplog.text
    assert KEY not in shown + repr(model) + repr(model._account)
    assert "odd" not in str(raised.value)  # what it quotes may be what the user said


async def test_how_long_to_wait_is_read_from_the_body(model, vendor):
    vendor.will_refuse(429, "Quota exceeded.", ({"@type": "QuotaFailure"}, DELAY))

    with pytest.raises(ProviderBusy) as raised:
        await answer(model)
    assert raised.value.retry_after_s == 34.5


async def test_an_error_within_the_stream_means_what_its_code_says(model, vendor):
    vendor.will(event("Hi"), {"error": {"code": 429, "message": "x", "status": "EXHAUSTED"}})

    with pytest.raises(ProviderBusy):
        await answer(model)


async def test_the_server_is_given_no_deadline_for_a_whole_reply(model, vendor):
    await answer(model)

    assert "x-server-timeout" not in vendor.asked[0].headers


async def test_it_never_talks_to_vertex(vendor, monkeypatch):
    monkeypatch.setitem(os.environ, "GOOGLE_GENAI_USE_VERTEXAI", "true")

    await asked_of(vendor, "gemini-3.8-flash")
    assert vendor.asked[0].path.startswith("/v1/models/")


def test_every_error_is_one_that_the_pipeline_knows():
    account = Account("gemini", KEY, "http://localhost", "gemini-3.8-flash", "GEMINI_LLM_MODEL")

    for status in range(400, 600):
        error = account.error(status, f"why: {KEY}")
        assert isinstance(error, ProviderError)
        assert KEY not in str(error)
