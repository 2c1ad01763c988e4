"""Conversations: begun, gone on with, joined by another connection."""

from collections.abc import Mapping
from uuid import UUID

from conversations import selectors, services
from conversations.models import Agent, Conversation
from conversations.terms import pronunciations, terms
from voice.store.threads import query
from voice.store.values import WAITING_TURNS, AgentContext, Opened, Person, Said


class NoSuchAgent(LookupError):
    """There is no agent of that slug."""


async def open_conversation(
    person: Person,
    conversation_id: UUID | None,
    *,
    agent_slug: str | None,
    providers: Mapping[str, list[str]],
    client: str,
) -> Opened:
    """Start a conversation, or go on with one. Raises selectors.NotYours and NoSuchAgent."""
    return await query(_open, person, conversation_id, agent_slug, providers, client)


async def reopen_session(
    conversation: UUID, *, providers: Mapping[str, list[str]], client: str
) -> UUID:
    """Another connection of a conversation whose session still runs."""
    row = await query(services.open_session, conversation, providers=providers, client=client)
    return row.id


def _open(
    person: Person,
    conversation_id: UUID | None,
    agent_slug: str | None,
    providers: Mapping[str, list[str]],
    client: str,
) -> Opened:
    conversation = _conversation(person, conversation_id, agent_slug)
    agent = conversation.agent
    session = services.open_session(conversation.id, providers=providers, client=client)
    turns = selectors.recent_turns(conversation.id, limit=(agent.turns_kept + WAITING_TURNS) * 2)
    return Opened(
        conversation.id,
        session.id,
        _context(agent),
        conversation.turns,
        conversation.replies,
        tuple(Said(turn.role, turn.number, turn.reply, turn.text) for turn in turns),
    )


def _conversation(person: Person, id: UUID | None, agent_slug: str | None) -> Conversation:
    """Theirs of that id, or a new one."""
    if id and (known := selectors.conversation_of(person.id, id)):
        return known
    return services.start_conversation(person.id, _agent(agent_slug).id, conversation_id=id)


def _agent(slug: str | None) -> Agent:
    agent = selectors.agent_by_slug(slug) if slug else selectors.default_agent()
    if agent is None:
        raise NoSuchAgent(slug)
    return agent


def _context(agent: Agent) -> AgentContext:
    return AgentContext(
        id=agent.id,
        slug=agent.slug,
        version=agent.version,
        instructions=agent.instructions,
        greeting=agent.greeting,
        voice=agent.voice,
        language=agent.language,
        temperature=agent.temperature,
        reply_tokens_max=agent.reply_tokens_max,
        turns_kept=agent.turns_kept,
        key_terms=terms(agent.key_terms),
        pronunciations=pronunciations(agent.pronunciations),
        patience=agent.patience,
    )
