import pytest

from voice.providers.voices import voice_of

VOICES = "cartesia:f786, openai: nova ,en-gb"


@pytest.mark.parametrize(
    ("voices", "provider", "voice"),
    [
        (VOICES, "cartesia", "f786"),
        (VOICES, "openai", "nova"),
        (VOICES, "offline", "en-gb"),
        (VOICES, "elevenlabs", ""),
        ("en-gb", "offline", "en-gb"),
        ("en-gb", "openai", ""),
        ("offline:en-gb", "offline", "en-gb"),
        (":en-gb", "openai", ""),
        ("openai:", "openai", ""),
        ("", "offline", ""),
        ("", "openai", ""),
    ],
)
def test_each_provider_is_asked_for_the_voice_that_is_named_for_it(voices, provider, voice):
    assert voice_of(voices, provider) == voice
