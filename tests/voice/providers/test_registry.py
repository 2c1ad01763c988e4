import logging

import pytest

from voice.providers import registry


@pytest.mark.parametrize("kind", ["stt", "llm", "tts"])
def test_every_offline_provider_is_there_under_its_name(kind):
    assert [provider.name for provider in registry.chain(kind, ["offline"])] == ["offline"]


def test_an_unknown_name_is_refused_with_the_setting_and_what_it_may_hold():
    with pytest.raises(registry.UnknownProvider, match="TTS_CHAIN names parrot; it may hold: offl"):
        registry.chain("tts", ["offline", "parrot"])


async def test_warming_up_touches_every_provider_without_complaint(caplog):
    chains = [registry.chain(kind, ["offline"]) for kind in ("stt", "llm", "tts")]

    with caplog.at_level(logging.WARNING, logger="voice"):
        await registry.warm_up(*chains)
    await chains[0][0].aclose()

    assert caplog.records == []


def test_a_provider_without_a_key_is_left_out_without_a_warning(settings, caplog):
    settings.GROQ_API_KEY = settings.OPENAI_API_KEY = ""
    with caplog.at_level(logging.DEBUG, logger="voice"):
        names = [provider.name for provider in registry.chain("llm", settings.LLM_CHAIN)]

    assert names == ["offline"]
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}
    assert "OPENAI_API_KEY is not set" in caplog.text


@pytest.mark.parametrize(
    ("kind", "setting", "names"),
    [
        ("stt", "DEEPGRAM_API_KEY", ["deepgram", "offline"]),
        ("llm", "GROQ_API_KEY", ["groq", "offline"]),
        ("llm", "OPENAI_API_KEY", ["openai", "offline"]),
    ],
)
def test_setting_a_key_is_all_it_takes(kind, setting, names, settings):
    for key in ("DEEPGRAM_API_KEY", "GROQ_API_KEY", "OPENAI_API_KEY"):
        setattr(settings, key, "")
    setattr(settings, setting, "a-key")

    chain = registry.chain(kind, getattr(settings, f"{kind.upper()}_CHAIN"))

    assert [provider.name for provider in chain] == names


def test_a_chain_of_minds_without_any_key_is_refused_with_what_to_do(settings):
    settings.GROQ_API_KEY = ""

    with pytest.raises(registry.UnknownProvider, match=r"LLM_CHAIN \(groq\) .+ or add “offline”"):
        registry.check("llm", ["groq"])
