"""What the settings hold for each provider: keys, addresses, models, voices, and their defaults.

<VENDOR>_API_KEY and <VENDOR>_BASE_URL belong to a vendor; <ENTRY>_<STAGE>_MODEL and, where the
model is not the voice already, <ENTRY>_TTS_VOICE to an entry of a chain.
"""

from environs import Env

from voiceassistant import environment

BASE_URLS = {
    "DEEPGRAM": "https://api.deepgram.com",
    "ASSEMBLYAI": "https://streaming.assemblyai.com",
    "GROQ": "https://api.groq.com",
    "OPENAI": "https://api.openai.com/v1",
    "GEMINI": "https://generativelanguage.googleapis.com",
    "CARTESIA": "https://api.cartesia.ai",
    "ELEVENLABS": "https://api.elevenlabs.io",
    "TAVILY": "https://api.tavily.com",
    "LOCAL_STT": "",
    "LOCAL_LLM": "",
    "LOCAL_TTS": "",
}
"""A region is another address, e.g. https://api.eu.deepgram.com."""

# As of 2026-11-21: served, fit for live conversation, and with no end announced but for OpenAI's
# voice, whose every speech model ends on 2027-01-06 (its successor speaks over another protocol).
MODELS = {
    "DEEPGRAM_STT": "nova-3",
    "FLUX_STT": "flux-general-en",
    "ASSEMBLYAI_STT": "universal-streaming-english",
    "LOCAL_STT": "Systran/faster-whisper-small",
    "GROQ_LLM": "openai/gpt-oss-20b",
    "OPENAI_LLM": "gpt-5.6-luna",
    "GEMINI_LLM": "gemini-3.5-flash-lite",
    "LOCAL_LLM": "llama3.2",
    "CARTESIA_TTS": "sonic-3.5",
    "OPENAI_TTS": "gpt-4o-mini-tts",
    "DEEPGRAM_TTS": "aura-2-thalia-en",
    "ELEVENLABS_TTS": "eleven_flash_v2_5",
    "LOCAL_TTS": "kokoro",
}
VOICES = {
    "CARTESIA_TTS": "f786b574-daa5-4673-aa0c-cbe3e8534c02",
    "OPENAI_TTS": "alloy",
    "ELEVENLABS_TTS": "JBFqnCBsd6RMkjVDRZzb",
    "LOCAL_TTS": "af_heart",
}


def read(env: Env) -> dict[str, str]:
    """Every such setting by its name."""
    found = {}
    for vendor, url in BASE_URLS.items():
        found[f"{vendor}_API_KEY"] = environment.secret(env, f"{vendor}_API_KEY")
        name = f"{vendor}_BASE_URL"
        found[name] = env.str(name, default=url, validate=environment.http_url)
    for entry, model in MODELS.items():
        found[f"{entry}_MODEL"] = env.str(f"{entry}_MODEL", default=model)
    for entry, voice in VOICES.items():
        found[f"{entry}_VOICE"] = env.str(f"{entry}_VOICE", default=voice)
    return found
