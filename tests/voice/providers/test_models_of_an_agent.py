"""Whom an agent asks: the models that it names, and after them the others of the chain."""

import pytest
from structlog.testing import capture_logs

from voice.providers.chains import Chains, chains


@pytest.fixture
def available(settings) -> Chains:
    keys = {"GROQ_API_KEY": "a-key", "OPENAI_API_KEY": "a-key", "GROQ_LLM_MODEL": "the-usual"}
    settings.PROVIDERS = settings.PROVIDERS | keys
    return chains({"stt": [], "llm": ["groq", "offline"], "tts": [], "search": []})


def names(available: Chains, *wanted: tuple[str, str]) -> list[str]:
    return [member.vitals.key.split("@")[0] for member in available.models(wanted)]


def test_without_a_wish_it_is_the_chain(available):
    assert available.models(()) == list(available.members["llm"])


def test_another_model_of_a_provider_takes_its_place(available):
    assert names(available, ("groq", "a-larger-one")) == ["llm/groq/a-larger-one", "llm/offline"]


def test_the_usual_model_by_its_name_is_the_member_of_the_chain(available):
    assert available.models([("groq", "the-usual")])[0] is available.members["llm"][0]


def test_a_provider_beside_the_chain_goes_first_where_it_is_named(available):
    found = names(available, ("openai", "x"))

    assert found == ["llm/openai/x", "llm/groq/the-usual", "llm/offline"]


def test_the_chain_can_be_put_in_another_order(available):
    assert names(available, ("offline", ""), ("groq", "")) == ["llm/offline", "llm/groq/the-usual"]


def test_the_same_wish_is_the_same_member_with_the_same_breaker(available):
    first, second = (available.models([("groq", "a-larger-one")])[0] for _ in range(2))

    assert first is second


def test_what_cannot_be_had_is_logged_once(available):
    with capture_logs() as logged:
        for _ in range(2):
            available.models([("gemini", "pro")])

    assert [line["event"] for line in logged] == ["agent.model_left_out"]
    assert available.has_models([("gemini", "pro")])


@pytest.mark.parametrize("wanted", [("parrot", ""), ("gemini", "pro")])
def test_what_cannot_be_had_is_left_out(available, wanted):
    assert available.models([wanted]) == list(available.members["llm"])
