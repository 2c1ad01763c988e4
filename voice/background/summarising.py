"""The rolling summary of a long conversation, in place of its older turns."""

from uuid import UUID

from procrastinate import JobContext

from conversations import summaries
from conversations.summaries import SUMMARY_CHARS, Stretch
from voice.background.app import PATIENCE, chains_of, tasks
from voice.background.quoting import DATA_ONLY, quoted, shortened
from voice.background.threads import run
from voice.background.writing import has_language_model, write
from voice.providers.chains import Chains
from voice.providers.protocols import Message, Prompt

TOKENS_MAX = 400
INSTRUCTIONS = f"""\
You keep the summary of a conversation between a user and a voice assistant, for the assistant to go
on from. You are given the summary so far between <summary> tags, which may be empty, and what was
said since between <transcript> tags.
{DATA_ONLY}

Answer with the new summary and nothing else: at most 200 words of plain prose in the language of
the conversation, in the third person ("the user", "the assistant"). Keep names, numbers, dates,
decisions, what the user wants, and what is still open; leave out greetings and small talk. Where
there is too much, leave out what is oldest and least likely to matter. Invent nothing."""


@tasks.task(name="summarise", retry=PATIENCE, pass_context=True)
async def summarise(context: JobContext, conversation_id: str) -> None:
    await summarise_with(chains_of(context), UUID(conversation_id))


async def summarise_with(chains: Chains, conversation_id: UUID) -> None:
    """Bring the summary up to the turns that are kept word for word; nothing without a language
    model. Raises ProviderError; what was summed up before stays."""
    while has_language_model(chains) and (
        stretch := await run(summaries.next_stretch, conversation_id)
    ):
        summary = stretch.summary
        if stretch.turns:
            summary = bounded(await write(chains, prompt_for(stretch)))
        if not await run(summaries.keep_summary, stretch, summary):
            return


def prompt_for(stretch: Stretch) -> Prompt:
    before = [{"text": stretch.summary}] if stretch.summary else []
    said = ({"said_by": turn.role, "text": shortened(turn.text)} for turn in stretch.turns)
    return Prompt(
        INSTRUCTIONS,
        (Message("user", f"{quoted('summary', before)}\n\n{quoted('transcript', said)}"),),
        language=stretch.language,
        temperature=0.2,
        reply_tokens_max=TOKENS_MAX,
    )


def bounded(summary: str) -> str:
    """On one line, cut after the last sentence that fits, or else word. Pure."""
    text = " ".join(summary.split())
    if len(text) <= SUMMARY_CHARS:
        return text
    text = text[:SUMMARY_CHARS]
    end = text.rfind(". ") + 1 or text.rfind(" ") + 1 or len(text)
    return text[:end].rstrip()
