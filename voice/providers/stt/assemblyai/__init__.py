"""AssemblyAI's ear."""

from voice.providers.stt.assemblyai.ear import AssemblyAI

__all__ = ["AssemblyAI"]
