"""A language model for the vendors' simulators to put on their wire. Pure.

It says what a function of the messages tells it to, word by word, and goes on where a reply was cut
off. Messages are dicts with `role` (system, user, assistant, tool) and `content`.
"""

import re
from collections.abc import Callable

from voice.providers.llm.continuing import NOTE

Messages = list[dict[str, str]]
Reply = Callable[[Messages], str]
Calls = Callable[[Messages], list[tuple[str, dict[str, object]]]]
REPEATED_WORDS = 3


def no_calls(_: Messages) -> list[tuple[str, dict[str, object]]]:
    return []


def echo(messages: Messages) -> str:
    """Says back what it was told last."""
    return f"You said: {messages[-1]['content'] if messages else 'nothing.'}"


class SimulatedModel:
    def __init__(self, reply: Reply = echo, *, repeats: bool = False) -> None:
        """repeats: asked to go on, it begins with the last few words again, as bad models do."""
        self._reply = reply
        self._repeats = repeats

    def tokens(self, messages: Messages) -> list[str]:
        """The reply, each word with the space before it; what is left of one that was cut off."""
        if messages and messages[-1] == {"role": "user", "content": NOTE}:
            messages = messages[:-1]
        said: list[str] = []
        if messages and messages[-1]["role"] == "assistant":
            *messages, partial = messages
            said = partial["content"].split()
        words = re.findall(r"\s*\S+", self._reply(messages))
        begun = len(said) - (REPEATED_WORDS if self._repeats else 0)
        rest = words[max(begun, 0) :]
        return [rest[0].lstrip(), *rest[1:]] if rest else []
