from django.apps import AppConfig


class VoiceassistantConfig(AppConfig):
    name = "voiceassistant"
    verbose_name = "Voice assistant"
