"""A voice on a machine of one's own: whatever offers OpenAI's /audio/speech at LOCAL_TTS_BASE_URL,
such as Kokoro-FastAPI, LocalAI or Ollama. The key is optional.
"""

from voice.providers.tts.speech import Speech


class LocalVoice(Speech):
    """Its model has to speak at 24 kHz, as Kokoro does: sound without a header doesn't say."""
