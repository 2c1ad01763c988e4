import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace

import pytest

from tests.simulators.chat import DONE, ChatSimulator, chunk
from tests.simulators.conduct import Conduct, Fault
from voice.providers.account import Account
from voice.providers.errors import ProviderBusy, ProviderRejected, ProviderUnavailable
from voice.providers.llm.chat import Chat, messages
from voice.providers.llm.completion import CALLS_MAX
from voice.providers.llm.groq import Groq
from voice.providers.llm.local import Local
from voice.providers.llm.openai import OpenAI
from voice.providers.probes import PROBES
from voice.providers.protocols import Message, Prompt, Tokens, Tool, ToolCall

KEY = "sk-secret-0123456789"
REMEMBER = Tool("remember", "Keep a fact.", {"type": "object", "properties": {}})
PROMPT = Prompt("Be brief.", (Message("user", "Hello."),))
HI = (chunk("Hi"), chunk(" there."), chunk(finish="stop"), DONE)


@pytest.fixture
async def vendor() -> AsyncIterator[ChatSimulator]:
    async with ChatSimulator() as simulator:
        yield simulator


@pytest.fixture(params=["groq", "openai", "local"])
async def model(request, vendor: ChatSimulator) -> AsyncIterator[Chat]:
    chat = make(request.param, vendor.url)
    yield chat
    await chat.aclose()


def make(name: str, url: str, model: str = "", key: str = KEY) -> Chat:
    setting = f"{name.upper()}_LLM_MODEL"
    if name == "groq":
        return Groq(Account(name, key, url, model or "openai/gpt-oss-20b", setting))
    if name == "local":
        return Local(Account(name, key, f"{url}/v1", model or "llama3.2", setting))
    return OpenAI(Account(name, key, f"{url}/v1", model or "gpt-5.6-luna", setting))


async def answer(model: Chat, prompt: Prompt = PROMPT) -> list[str | ToolCall]:
    async with asyncio.timeout(10), aclosing(model.stream(prompt)) as stream:
        return [token async for token in stream]


async def test_the_answer_comes_token_by_token(model, vendor):
    vendor.will(*HI)

    assert await answer(model) == ["Hi", " there."]
    [asked] = vendor.asked
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    root = "/openai" if model.name == "groq" else ""
    assert asked.path == f"{root}/v1/chat/completions"
    assert asked.json["stream"] is True
    assert asked.json["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello."},
    ]


async def test_what_the_answer_took_is_told_as_the_vendor_counts(model, vendor):
    told: list[Tokens] = []
    usage = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}
    last = chunk(finish="stop")
    if model.name == "groq":
        last |= {"x_groq": {"id": "req-1", "usage": usage}}
    behind = {**chunk(), "choices": [], "usage": usage}
    vendor.will(*HI[:2], last, *([] if model.name == "groq" else [behind]), DONE)

    await answer(model, replace(PROMPT, on_tokens=told.append))

    assert told == [Tokens(12, 3)]
    asks_for_it = "stream_options" in vendor.asked[0].json
    assert asks_for_it is (model.name == "openai")


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many"}, "a lot"])
async def test_a_vendor_that_does_not_say_what_it_took_is_heard_all_the_same(usage, model, vendor):
    told: list[Tokens] = []
    vendor.will(*HI[:2], chunk(finish="stop") | {"usage": usage, "x_groq": {"usage": usage}}, DONE)

    assert await answer(model, replace(PROMPT, on_tokens=told.append)) == ["Hi", " there."]
    assert told == []


async def test_the_first_token_does_not_wait_for_the_second(model, vendor):
    vendor.will(chunk("Hi"), then=Fault.STALL)

    async with asyncio.timeout(5), aclosing(model.stream(PROMPT)) as stream:
        assert await anext(stream) == "Hi"


async def test_the_next_turn_uses_the_same_connection(model, vendor):
    vendor.will(*HI)
    vendor.will(*HI)
    await answer(model)
    await answer(model)

    assert vendor.connections == 1


@pytest.mark.parametrize("events", [HI, HI[:-1]], ids=["after done", "without done"])
async def test_a_peer_that_does_not_end_its_answer_delays_it_hardly(events, model, vendor):
    vendor.will(*events, then=Fault.STALL)  # Groq's SDK reads on after [DONE], without a bound

    async with asyncio.timeout(2):
        assert await answer(model) == ["Hi", " there."]
    await vendor.until(lambda: vendor.answering == 0)


@pytest.mark.parametrize("then", [Fault.DROP, Fault.GARBAGE])
async def test_what_goes_wrong_behind_the_end_does_not_spoil_the_answer(then, model, vendor):
    vendor.will(*HI[:-1], then=then)

    assert await answer(model) == ["Hi", " there."]


async def test_a_tool_call_is_put_together_from_its_pieces(model, vendor):
    first = {"index": 0, "id": "call-1", "type": "function"}
    vendor.will(
        chunk(calls=[first | {"function": {"name": "remember", "arguments": ""}}]),
        chunk(calls=[{"index": 0, "function": {"arguments": '{"fact": "I li'}}]),
        chunk(calls=[{"index": 0, "function": {"arguments": 'ke tea"}'}}]),
        chunk(finish="tool_calls"),
        DONE,
    )

    found = await answer(model, Prompt("", PROMPT.messages, (REMEMBER,)))

    assert found == [ToolCall("call-1", "remember", {"fact": "I like tea"})]
    [asked] = vendor.asked
    assert asked.json.get("parallel_tool_calls", True)
    assert asked.json["tools"] == [
        {
            "type": "function",
            "function": {
                "name": "remember",
                "description": "Keep a fact.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]


def piece(index: int | None, name: str = "", arguments: str = "", **more: object) -> object:
    function = ({"name": name} if name else {}) | {"arguments": arguments}
    return {"index": index, "type": "function", "function": function} | more


@pytest.mark.parametrize(
    "pieces",
    [
        [piece(0, "a", '{"x"', id="1"), piece(0, arguments=": 1}"), piece(1, "b", "{}", id="2")],
        [piece(0, "a", '{"x": 1}', id="1"), piece(0, "b", "{}", id="2")],
        [piece(0, "a", '{"x"', id="1"), piece(0, arguments=": 1}", id="1"), piece(1, "b", id="2")],
        [piece(0, "a", '{"x"', id="1"), piece(1, "b", "{", id="2"), piece(0, arguments=": 1}"),
         piece(1, arguments="}")],
        [piece(3, "a", '{"x": 1}', id="1"), piece(7, "b", id="2")],
    ],
    ids=["one by one", "all at one place", "the id in each", "interleaved", "places left out"],
)  # fmt: skip
async def test_calls_are_told_apart_however_a_server_numbers_them(pieces, model, vendor):
    vendor.will(*[chunk(calls=[each]) for each in pieces], chunk(finish="tool_calls"), DONE)

    assert await answer(model, Prompt("", PROMPT.messages, (REMEMBER,))) == [
        ToolCall("1", "a", {"x": 1}),
        ToolCall("2", "b", {}),
    ]


async def test_a_model_that_never_stops_asking_for_tools_is_heard_to_a_point(model, vendor):
    pieces = [piece(number, "a", id=str(number)) for number in range(CALLS_MAX + 9)]
    vendor.will(chunk(calls=pieces), chunk(finish="tool_calls"), DONE)

    calls = await answer(model, Prompt("", PROMPT.messages, (REMEMBER,)))

    assert [call.id for call in calls] == [str(number) for number in range(CALLS_MAX)]


async def test_calls_without_ids_get_some_of_their_own(model, vendor):
    vendor.will(chunk(calls=[piece(0, "a"), piece(1, "a")]), chunk(finish="tool_calls"), DONE)

    first, second = await answer(model, Prompt("", PROMPT.messages, (REMEMBER,)))
    assert first.id != second.id


async def test_a_tool_call_in_broken_json_is_a_failure(model, vendor):
    broken = {"index": 0, "id": "1", "function": {"name": "remember", "arguments": '{"fact'}}
    vendor.will(chunk(calls=[broken]), chunk(finish="tool_calls"), DONE)

    with pytest.raises(ProviderUnavailable, match="broken JSON"):
        await answer(model)


def test_a_tools_result_follows_the_call_that_it_answers():
    call = ToolCall("call-1", "remember", {"fact": "tea"})
    prompt = Prompt("", (Message("user", "Remember tea."), Message("tool", "Done.", call)))

    assert messages(prompt) == [
        {"role": "user", "content": "Remember tea."},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "call-1",
                    "type": "function",
                    "function": {"name": "remember", "arguments": '{"fact": "tea"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "call-1", "content": "Done."},
    ]


@pytest.mark.parametrize(
    "how",
    [
        {"events": (chunk("Hi"), DONE)},
        {"events": (chunk("Hi"),)},
        {"events": (chunk("Hi"),), "then": Fault.DROP},
    ],
    ids=["done without a reason", "ended", "dropped"],
)
async def test_an_answer_without_its_end_is_a_failure(how, model, vendor):
    vendor.will(*how["events"], then=how.get("then", Fault.NONE))

    stream = model.stream(PROMPT)
    assert await anext(stream) == "Hi"

    with pytest.raises(ProviderUnavailable, match="broke off"):
        await anext(stream)


async def test_an_answer_without_a_word_is_a_failure(model, vendor):
    vendor.will(chunk(finish="length"), DONE)

    with pytest.raises(ProviderUnavailable, match=r"said nothing \(length\)"):
        await answer(model)


@pytest.mark.parametrize("reason", ["content_filter", "error", "abort"])
async def test_an_answer_that_was_stopped_is_a_failure_and_says_by_what(reason, model, vendor):
    vendor.will(chunk("Hi"), chunk(finish=reason), DONE)

    with pytest.raises(ProviderUnavailable, match=reason):
        await answer(model)


@pytest.mark.parametrize("reason", ["stop", "length", "eos"])
async def test_an_answer_that_ended_by_itself_or_at_its_limit_is_whole(reason, model, vendor):
    vendor.will(chunk("Hi"), chunk(finish=reason), DONE)

    assert await answer(model) == ["Hi"]


async def test_a_refusal_is_what_the_model_has_to_say(model, vendor):
    vendor.will(chunk(refusal="I can't help with that."), chunk(finish="stop"), DONE)

    assert await answer(model) == ["I can't help with that."]


async def test_an_error_within_the_stream_is_a_failure_and_gives_its_code(model, vendor):
    error = {"message": f"over capacity, {KEY}", "type": "server_error", "code": "overloaded"}
    vendor.will(chunk("Hi"), {"error": error}, DONE)

    with pytest.raises(ProviderUnavailable, match="overloaded") as raised:
        await answer(model)
    assert KEY not in str(raised.value)


async def test_groqs_own_field_for_an_error_is_read(vendor):
    vendor.will(chunk("Hi"), chunk() | {"x_groq": {"id": "r", "error": "over capacity"}}, DONE)
    chat = make("groq", vendor.url)

    with pytest.raises(ProviderUnavailable, match="over capacity"):
        await answer(chat)
    await chat.aclose()


@pytest.mark.parametrize(
    "event",
    [{"foo": 1}, {"choices": 7}, {"choices": [{"delta": "x"}]}, [], "null", "{", "\ud800", "🦊"],
    ids=str,
)
async def test_what_makes_no_sense_is_a_failure(event, model, vendor):
    vendor.will(chunk("Hi"), event, then=Fault.STALL)

    with pytest.raises(ProviderUnavailable):
        await answer(model)
    await vendor.until(lambda: vendor.answering == 0)


async def test_chunks_without_a_choice_are_passed_over(model, vendor):
    usage = chunk() | {"choices": [], "usage": {"prompt_tokens": 1}}
    vendor.will(usage, chunk("Hi"), usage, chunk(finish="stop"), usage, DONE)

    assert await answer(model) == ["Hi"]


async def test_how_long_to_wait_is_passed_on(model, vendor):
    vendor.will(status=429, error={"message": "Slow down."}, headers={"Retry-After": "7.5"})

    with pytest.raises(ProviderBusy) as raised:
        await answer(model)
    assert raised.value.retry_after_s == 7.5


async def test_closing_early_hangs_up(model, vendor):
    vendor.will(chunk("Hi"), then=Fault.STALL)
    stream = model.stream(PROMPT)
    await anext(stream)

    await stream.aclose()

    await vendor.until(lambda: vendor.answering == 0)


async def test_being_cancelled_hangs_up(model, vendor):
    vendor.will(chunk("Hi"), then=Fault.STALL)
    spoken = asyncio.Event()

    async def speak() -> None:
        async with aclosing(model.stream(PROMPT)) as stream:
            async for _ in stream:
                spoken.set()

    speaking = asyncio.create_task(speak())
    await asyncio.wait_for(spoken.wait(), 5)
    speaking.cancel()

    with pytest.raises(asyncio.CancelledError):
        await speaking
    await vendor.until(lambda: vendor.answering == 0)


@pytest.mark.parametrize(
    ("status", "error", "said"),
    [
        (401, ProviderRejected, "check {}_API_KEY"),
        (404, ProviderRejected, "check {}_LLM_MODEL"),
        (400, ProviderRejected, "check {}_LLM_MODEL="),
        (429, ProviderBusy, "429"),
        (500, ProviderUnavailable, "500"),
    ],
)
async def test_a_refusal_says_what_to_do_and_never_the_key(
    status, error, said, model, vendor, caplog
):
    caplog.set_level(logging.DEBUG)
    vendor.will(status=status, error={"message": f"quoted: {KEY}", "code": "nope"})

    with pytest.raises(error, match=said.format(model.name.upper())) as raised:
        await answer(model)

    assert len(vendor.asked) == 1  # nobody tries again behind our back
    assert KEY not in str(raised.value) + raised.value.said + caplog.text + repr(model) + repr(
        model._account
    )


async def test_what_a_vendor_quotes_of_the_request_stays_out_of_the_log(model, vendor, caplog):
    caplog.set_level(logging.INFO)
    vendor.will(status=400, error={"message": f"invalid: plum jam with {KEY}", "code": "nope"})

    with pytest.raises(ProviderRejected) as raised:
        await answer(model)

    assert raised.value.said == "nope invalid: plum jam with …"
    assert "refuses the request" in caplog.text
    assert "plum jam" not in str(raised.value) + caplog.text


async def test_an_empty_account_is_not_merely_busy(model, vendor):
    vendor.will(status=429, error={"message": "You have no money.", "code": "insufficient_quota"})

    with pytest.raises(ProviderRejected, match="no credit left"):
        await answer(model)


async def test_a_wrong_key_is_logged_once_however_often_it_is_tried(model, vendor, caplog):
    for _ in range(3):
        vendor.will(status=401)
        with pytest.raises(ProviderRejected):
            await answer(model)

    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.getMessage().startswith(f"{model.name}: refuses the key; check")


async def test_a_wrong_key_is_said_by_a_probe(model, vendor, caplog):
    vendor.will(status=401)

    with pytest.raises(ProviderRejected):
        await PROBES["llm"](model)

    [record] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert f"check {model.name.upper()}_API_KEY" in record.getMessage()


async def test_a_probe_leaves_the_connection_open_for_the_next_turn(model, vendor):
    vendor.will(*HI)
    vendor.will(*HI)

    await PROBES["llm"](model)
    await answer(model)

    assert vendor.connections == 1


async def test_nobody_there_is_unavailable(model, vendor):
    await vendor.behave(Conduct(Fault.REFUSE))

    with pytest.raises(ProviderUnavailable):
        await answer(model)


@pytest.mark.parametrize(
    ("name", "model", "effort", "tokens"),
    [
        ("groq", "openai/gpt-oss-20b", "low", 550),
        ("groq", "qwen/qwen3.8-27b", "none", 150),
        ("groq", "llama-3.3-70b-versatile", None, 150),
        ("openai", "gpt-5.6-luna", "none", 150),
        ("openai", "gpt-4.1", None, 150),
    ],
)
async def test_no_model_thinks_longer_than_it_must(name, model, effort, tokens, vendor):
    vendor.will(*HI)
    chat = make(name, vendor.url, model)
    await answer(chat)
    await chat.aclose()

    [asked] = vendor.asked
    assert asked.json.get("reasoning_effort") == effort
    assert asked.json["max_completion_tokens"] == tokens


async def test_groqs_address_may_be_given_with_its_path(vendor):
    vendor.will(*HI)
    chat = make("groq", vendor.url + "/openai/v1")
    await answer(chat)
    await chat.aclose()

    assert vendor.asked[0].path == "/openai/v1/chat/completions"


async def test_a_local_servers_replies_have_a_limit_that_it_knows(vendor):
    chat = make("local", vendor.url)
    await answer(chat)
    await chat.aclose()

    [asked] = vendor.asked
    assert asked.json["max_tokens"] == 150
    assert not {"max_completion_tokens", "reasoning_effort"} & asked.json.keys()


async def test_a_local_server_needs_no_key(vendor):
    chat = make("local", vendor.url, key="")
    assert await answer(chat) == ["You", " said:", " Hello."]
    await chat.aclose()
