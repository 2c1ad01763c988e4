"""A voice for simulated vendors that people understand: espeak-ng, another accent for each."""

from tests.simulators.speaking import Sound
from voice.audio.resample import Resampler
from voice.providers.tts import espeak

ACCENTS = {
    "cartesia": "en-us",
    "openai": "en-gb",
    "deepgram": "en-gb-scotland",
    "elevenlabs": "en-gb-x-gbclan",
    "local": "en-029",
}


def accent(name: str) -> Sound:
    """The voice of the vendor of this name: one can hear who speaks."""
    voice = ACCENTS.get(name, "en-us")

    def sound(text: str, rate_hz: int) -> tuple[bytes, list[tuple[str, float]]]:
        return espeak.THREAD.submit(_say, text, voice, rate_hz).result()

    return sound


def _say(text: str, voice: str, rate_hz: int) -> tuple[bytes, list[tuple[str, float]]]:
    pieces: list[bytes] = []
    words: list[tuple[str, float]] = []

    def heard(pcm: bytes, begun: list[tuple[int, int, float]]) -> bool:
        pieces.append(pcm)
        words.extend((text[at : at + length], start_s) for at, length, start_s in begun)
        return True

    espeak.synthesise(text, [voice, "en-us"], heard)
    resampler = Resampler(espeak.rate_hz(), rate_hz)
    return resampler.feed(b"".join(pieces)) + resampler.flush(), words
