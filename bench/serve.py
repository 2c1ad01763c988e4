"""`manage.py serve` with the providers of bench/providers.py in the registry, as "free"."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")

from django.core.management import execute_from_command_line

from voice.providers import registry

registry.PROVIDERS["stt"]["free"] = registry.Entry("bench.providers.FreeEar")
registry.PROVIDERS["llm"]["free"] = registry.Entry("bench.providers.FreeMind")
registry.PROVIDERS["tts"]["free"] = registry.Entry("bench.providers.FreeVoice")

if __name__ == "__main__":
    execute_from_command_line(["manage.py", "serve"])
