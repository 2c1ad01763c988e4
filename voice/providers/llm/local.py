"""A model on a machine of one's own: whatever speaks OpenAI's protocol at LOCAL_LLM_BASE_URL, such
as Ollama, vLLM, llama.cpp or LM Studio. The key is optional.
"""

from voice.providers.account import Account
from voice.providers.llm.chat import Chat, Dialect
from voice.providers.openai_client import FAILURES, client

LIMIT = "max_tokens"
"""The older name, which all of these know. Ollama passes over the newer one without a word, and its
replies would have no end (https://docs.ollama.com/api/openai-compatibility)."""


class Local(Chat):
    def __init__(self, account: Account) -> None:
        super().__init__(client(account), account, Dialect(FAILURES, request={}, limit=LIMIT))
