"""To remember, recall and forget facts about the user: the tools, as the model is told of them."""

from voice.providers.protocols import Tool
from voice.tools.parameters import one_text

REMEMBER = Tool(
    "remember",
    "Keep a fact about the user for later conversations.",
    one_text("fact", "The fact, in one short sentence."),
)
RECALL = Tool(
    "recall",
    "Look up what is remembered about the user.",
    one_text("query", "What to look for; empty for everything."),
)
FORGET = Tool(
    "forget",
    "Delete a remembered fact when the user asks for it.",
    one_text("fact", "The fact to delete, or words from it."),
)
MEMORY = (REMEMBER, RECALL, FORGET)
