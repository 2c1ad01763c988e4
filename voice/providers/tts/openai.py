"""OpenAI's voices.

All of its speech models end on 2027-01-06; what follows them speaks over another protocol
(https://developers.openai.com/api/docs/deprecations).
"""

from voice.providers.account import Account
from voice.providers.tts.speech import Speech

WITHOUT_EVENTS = ("tts-1",)


class OpenAIVoice(Speech):
    """voice: one of OpenAI's names, such as “nova”."""

    def __init__(self, account: Account) -> None:
        super().__init__(account, as_events=not account.model.startswith(WITHOUT_EVENTS))
