"""What a conversation is called once it ended."""

import re
from uuid import UUID

from procrastinate import JobContext

from conversations.titles import title_from
from conversations.untitled import Untitled, keep_title, untitled
from voice.background.app import PATIENCE, chains_of, tasks
from voice.background.quoting import DATA_ONLY, quoted, shortened
from voice.background.threads import run
from voice.background.writing import has_language_model, write
from voice.providers.chains import Chains
from voice.providers.protocols import Message, Prompt

TOKENS_MAX = 30
INSTRUCTIONS = f"""\
You name conversations for a list that their user looks through. You are given the beginning of one
between <transcript> tags.
{DATA_ONLY}

Answer with a title and nothing else: three to six words in the language of the conversation that
say what it is about, without quotation marks, a full stop or a word like "conversation"."""


@tasks.task(name="title", retry=PATIENCE, pass_context=True)
async def title(context: JobContext, conversation_id: str) -> None:
    await title_with(chains_of(context), UUID(conversation_id))


async def title_with(chains: Chains, conversation_id: UUID) -> None:
    """Name a conversation that ended, where it has no name but its first words; nothing without a
    language model. Raises ProviderError."""
    if not has_language_model(chains):
        return
    conversation = await run(untitled, conversation_id)
    if conversation is None:
        return
    if name := cleaned(await write(chains, prompt_for(conversation))):
        await run(keep_title, conversation, name)


def prompt_for(conversation: Untitled) -> Prompt:
    said = ({"said_by": turn.role, "text": shortened(turn.text)} for turn in conversation.turns)
    return Prompt(
        INSTRUCTIONS,
        (Message("user", quoted("transcript", said)),),
        language=conversation.language,
        temperature=0.2,
        reply_tokens_max=TOKENS_MAX,
    )


def cleaned(answer: str) -> str:
    """The first line with words in it, without mark-up, quotation marks and “Title:”. Pure."""
    lines = (re.sub(r"[*_`#<>\\]+", " ", line) for line in answer.splitlines())
    line = next((line for line in lines if any(map(str.isalnum, line))), "")
    line = re.sub(r"^\W*title\W*:", "", " ".join(line.split()), flags=re.IGNORECASE)
    return title_from(line.strip(" \"'“”„«»‘’-–—:;,."))
