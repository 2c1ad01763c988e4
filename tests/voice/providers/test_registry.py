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
