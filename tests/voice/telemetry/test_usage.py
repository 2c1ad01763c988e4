"""What providers are used for, and what it costs."""

import pytest
from environs import ValidationError

from tests.voice.calls import member
from tests.voice.scripted import ScriptedModel
from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.thinking import ThinkingChain, estimated
from voice.providers.protocols import Message, Prompt, Tokens
from voice.telemetry.meters import Key, meters
from voice.telemetry.usage import spend
from voiceassistant import prices

PROMPT = Prompt("Be brief.", (Message("user", "When is noon?"),))


def total(name: str, label: str) -> float:
    found = meters().snapshot().get(Key(name, label))
    return found.total if found else 0.0


def test_what_was_used_costs_what_the_settings_say(settings):
    settings.PRICES = prices.parse(["priced:in:0.5", "priced:out:2", "priced:minute:0.006"])

    meters().drain()
    spend("llm", "priced", 4713, tokens_in=1_000_000, tokens_out=500_000)
    spend("stt", "priced", 4713, heard_s=30.0)

    assert total("tokens_in", "llm/priced") == 1_000_000
    assert total("cost_by_provider", "llm/priced") == pytest.approx(1.5)
    assert total("cost_by_provider", "stt/priced") == pytest.approx(0.003)
    assert meters().drain()[Key("cost_by_user", "4713")].total == pytest.approx(1.503)


def test_without_a_price_there_is_no_cost(settings):
    settings.PRICES = prices.parse(["unpriced:in:0.5"])

    meters().drain()
    spend("tts", "unpriced", 4712, characters=100)

    assert total("characters", "tts/unpriced") == 100
    assert set(meters().drain()) == {Key("characters", "tts/unpriced")}


def test_what_is_done_for_nobody_in_particular_costs_no_user(settings):
    settings.PRICES = prices.parse(["background:in:1"])

    meters().drain()
    spend("llm", "background", None, tokens_in=1_000_000)

    names = {key.name for key in meters().drain()}
    assert names == {"tokens_in", "cost_by_provider"}


def test_prices_are_read_by_provider_and_unit():
    read = prices.parse(["groq:in:0.075", "groq:out:0.3", " deepgram : minute : 0.0077 "])

    assert read == {"groq": {"in": 0.075, "out": 0.3}, "deepgram": {"minute": 0.0077}}


@pytest.mark.parametrize(
    "entry", ["groq", "groq:in", "groq:hour:1", "groq:in:-1", "groq:in:nan", ":in:1", "groq:in:1:2"]
)
def test_what_is_no_price_is_refused_in_a_sentence(entry):
    with pytest.raises(ValidationError, match="provider:unit:price"):
        prices.check([entry])


# --- tokens ---------------------------------------------------------------------------------------
class TellingModel(ScriptedModel):
    """Says what it counted."""

    async def stream(self, prompt):
        async for token in super().stream(prompt):
            yield token
        prompt.on_tokens(Tokens(120, 7))


async def thought(*models: ScriptedModel, pieces: int | None = None) -> dict[str, Tokens]:
    """What each of these took to answer; pieces: after so many nobody listens any more."""
    told: dict[str, Tokens] = {}
    chain = ThinkingChain([member("llm", model) for model in models])
    answer = chain.think(PROMPT, on_served=lambda _: None, on_tokens=told.__setitem__)
    async for _ in answer:
        pieces = None if pieces is None else pieces - 1
        if pieces == 0:
            break
    await answer.aclose()
    return told


async def test_what_the_vendor_says_counts():
    assert await thought(TellingModel()) == {"scripted": Tokens(120, 7)}


async def test_what_it_does_not_say_is_estimated_and_marked_so():
    model = ScriptedModel(answers=[["It is ", "noon. ", "Truly."]])

    assert await thought(model) == {"scripted": estimated(PROMPT, len("It is noon. Truly."))}
    assert estimated(PROMPT, 18) == Tokens(6, 5, is_estimated=True)


async def test_an_answer_that_nobody_wants_any_more_is_paid_for_as_far_as_it_came():
    model = TellingModel(answers=[["One. ", "Two. ", "Three."]])

    told = await thought(model, pieces=1)

    assert told["scripted"].is_estimated
    assert 0 < told["scripted"].answer < 4


async def test_a_refusal_costs_nothing_and_who_goes_on_does():
    down = ScriptedModel(answers=[[ProviderUnavailable("a", "down")]], name="a")

    assert list(await thought(down, TellingModel(name="b"))) == ["b"]


# --- what becomes of requests ---------------------------------------------------------------------
async def test_answers_failures_and_failovers_are_told_by_stage_and_name():
    down = ScriptedModel(answers=[[ProviderUnavailable("a", "down")]], name="a")
    members, told = [member("llm", down), member("llm", ScriptedModel(name="b"))], []
    for each in members:
        each.vitals.tell = lambda what, name: told.append((what, name))

    async for _ in ThinkingChain(members).think(PROMPT, on_served=lambda _: None):
        pass

    assert told == [
        ("provider_failures", "llm/a"),
        ("failovers", "llm/a"),
        ("provider_answers", "llm/b"),
    ]
