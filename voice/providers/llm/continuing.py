"""How a model is asked to go on with a reply that broke off, its own or another's.

Left at the end of the prompt, such a reply means a different thing to everybody: OpenAI's models
begin a new one, llama.cpp goes on with it, Gemini refuses the request. A note in the user's name
means the same to all.
"""

from dataclasses import replace

from voice.providers.protocols import Message, Prompt

NOTE = (
    "Your reply was cut off after the words above. Go on with the very next word; "
    "do not repeat anything, do not greet, do not mention this."
)


def continuing(prompt: Prompt) -> Prompt:
    """The prompt, with NOTE at its end where its last message is a reply to go on with. One that
    broke off before its first word is left out instead."""
    if not prompt.messages or prompt.messages[-1].role != "assistant":
        return prompt
    *before, partial = prompt.messages
    if not partial.text.strip():
        return replace(prompt, messages=tuple(before))
    return replace(prompt, messages=(*before, partial, Message("user", NOTE)))
