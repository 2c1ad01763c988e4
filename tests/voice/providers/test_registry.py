import logging

import pytest

from voice.providers import registry
from voice.providers.chains import chains
from voice.providers.failover.shared import InProcess

KINDS = list(registry.PROVIDERS)
OFFLINE = {"stt": ["offline"], "llm": ["offline"], "tts": ["offline"], "search": []}


@pytest.fixture
def providers(settings):
    """What the settings hold for providers; nobody has a key, and a test may give one."""
    settings.PROVIDERS = {
        name: "" if name.endswith("_API_KEY") else value
        for name, value in settings.PROVIDERS.items()
    }
    return settings.PROVIDERS


def names(kind: registry.Kind, *chain: str) -> list[str]:
    return [link.name for link in registry.chain(kind, chain)]


@pytest.mark.parametrize("kind", ["stt", "llm", "tts"])
def test_every_offline_provider_is_there_under_its_name(kind):
    [link] = registry.chain(kind, ["offline"])

    assert (link.name, link.provider.name, link.key) == ("offline", "offline", f"{kind}/offline")


def test_an_unknown_name_is_refused_with_the_setting_and_what_it_may_hold():
    with pytest.raises(registry.UnknownProvider, match=r"TTS_CHAIN names parrot; .+, offline$"):
        registry.chain("tts", ["offline", "parrot"])


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in KINDS for name in registry.PROVIDERS[kind]]
)
def test_every_provider_that_may_be_named_can_be_made(kind, name, providers):
    entry = registry.PROVIDERS[kind][name]
    if entry.vendor:
        providers[f"{entry.vendor}_API_KEY"] = "a-key"
        providers[f"{entry.vendor}_BASE_URL"] = "http://127.0.0.1:1/v1"

    [link] = registry.chain(kind, [name])

    assert link.provider.name == name


async def test_warming_up_touches_every_provider_without_complaint(caplog):
    in_force = chains(OFFLINE)

    with caplog.at_level(logging.WARNING, logger="voice"):
        await in_force.health(InProcess()).probe_all()
    await in_force.members["stt"][0].provider.aclose()

    assert caplog.records == []
    members = [member for chain in in_force.members.values() for member in chain]
    assert [member.vitals.failures for member in members] == [0, 0, 0]


def test_a_provider_without_a_key_is_left_out_without_a_warning(providers, caplog):
    with caplog.at_level(logging.DEBUG, logger="voice"):
        found = names("llm", "groq", "openai", "gemini", "offline")

    assert found == ["offline"]
    assert {record.levelno for record in caplog.records} == {logging.DEBUG}
    assert "OPENAI_API_KEY is not set" in caplog.text


@pytest.mark.parametrize(
    ("kind", "setting", "found"),
    [
        ("stt", "DEEPGRAM_API_KEY", ["deepgram", "offline"]),
        ("stt", "ASSEMBLYAI_API_KEY", ["assemblyai", "offline"]),
        ("llm", "GROQ_API_KEY", ["groq", "offline"]),
        ("llm", "OPENAI_API_KEY", ["openai", "offline"]),
        ("llm", "GEMINI_API_KEY", ["gemini", "offline"]),
        ("tts", "CARTESIA_API_KEY", ["cartesia", "offline"]),
        ("tts", "OPENAI_API_KEY", ["openai", "offline"]),
        ("tts", "DEEPGRAM_API_KEY", ["deepgram", "offline"]),
        ("tts", "ELEVENLABS_API_KEY", ["elevenlabs", "offline"]),
        ("search", "TAVILY_API_KEY", ["tavily"]),
    ],
)
def test_setting_a_key_is_all_it_takes(kind, setting, found, providers, settings):
    providers[setting] = "a-key"

    assert names(kind, *getattr(settings, f"{kind.upper()}_CHAIN")) == found


@pytest.mark.parametrize("kind", ["stt", "llm", "tts"])
def test_a_local_server_needs_an_address_and_no_key(kind, providers):
    assert registry.usable(kind, ["local"]) == []

    providers[f"LOCAL_{kind.upper()}_BASE_URL"] = "http://127.0.0.1:8001/v1"

    assert names(kind, "local") == ["local"]


def test_a_name_that_comes_twice_is_one_provider(providers):
    assert names("llm", "offline", "offline") == ["offline"]


def test_a_key_names_stage_provider_model_and_region(providers):
    providers["GROQ_API_KEY"] = "a-key"
    providers["GROQ_BASE_URL"] = "https://me:secret@api.eu.groq.com/v1"
    providers["GROQ_LLM_MODEL"] = "some-model"

    [link] = registry.chain("llm", ["groq"])

    assert link.key == "llm/groq/some-model@api.eu.groq.com"


def test_a_provider_gets_what_the_settings_hold_for_it(providers):
    providers["DEEPGRAM_API_KEY"] = "a-key"
    providers["DEEPGRAM_TTS_MODEL"] = "aura-9"
    providers["OPENAI_API_KEY"] = "another"
    providers["OPENAI_TTS_VOICE"] = "nova"

    links = registry.chain("tts", ["deepgram", "openai"])
    aura, openai = (link.provider._account for link in links)

    assert (aura.provider, aura.setting, aura.key) == ("deepgram", "DEEPGRAM", "a-key")
    assert (aura.model, aura.model_setting, aura.voice) == ("aura-9", "DEEPGRAM_TTS_MODEL", "")
    assert (openai.key, openai.voice) == ("another", "nova")


def test_a_chain_of_minds_without_any_key_is_refused_with_what_to_do(providers):
    with pytest.raises(registry.UnknownProvider, match=r"LLM_CHAIN \(groq\) .+ or add “offline”"):
        registry.check("llm", ["groq"])


def test_where_there_is_no_voice_and_no_ear_the_conversation_goes_on_in_writing():
    in_force = chains({"stt": [], "llm": ["offline"], "tts": [], "search": []})

    assert in_force.names == {"stt": [], "llm": ["offline"], "tts": [], "search": []}
    assert [member.name for member in in_force.stt.members] == ["none"]
