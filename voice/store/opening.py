"""Conversations: begun, gone on with, joined by another connection."""

from collections.abc import Mapping
from uuid import UUID

from conversations import selectors, services
from conversations.models import Agent, Conversation
from conversations.terms import language_models, pronunciations, terms
from voice.store.threads import query
from voice.store.values import WAITING_TURNS, AgentContext, Opened, OwnContext, Person, Said


class NoSuchAgent(LookupError):
    """There is no agent of that slug."""


class NotForThem(PermissionError):
    """The agent is for groups that they are in none of."""


async def open_conversation(
    person: Person,
    conversation_id: UUID | None,
    *,
    agent_slug: str | None,
    providers: Mapping[str, list[str]],
    client: str,
) -> Opened:
    """Start a conversation, or go on with one. Raises selectors.NotYours, NoSuchAgent and
    NotForThem."""
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
        context(agent),
        conversation.turns,
        conversation.replies,
        tuple(Said(turn.role, turn.number, turn.reply, turn.text) for turn in turns),
        OwnContext(conversation.context, conversation.context_version),
    )


def _conversation(person: Person, id: UUID | None, agent_slug: str | None) -> Conversation:
    """Theirs of that id, or a new one."""
    known = selectors.conversation_of(person.id, id) if id else None
    agent = known.agent if known else _agent(agent_slug)
    if not selectors.may_talk_to(person.id, agent.id):
        raise NotForThem(agent.slug)
    return known or services.start_conversation(person.id, agent.id, conversation_id=id)


def _agent(slug: str | None) -> Agent:
    agent = selectors.agent_by_slug(slug) if slug else selectors.default_agent()
    if agent is None:
        raise NoSuchAgent(slug)
    return agent


def context(agent: Agent) -> AgentContext:
    """What a session needs to know of it."""
    is_first = agent.speaks_first == Agent.First.ASSISTANT
    return AgentContext(
        id=agent.id,
        slug=agent.slug,
        version=agent.version,
        instructions=agent.instructions,
        greeting=agent.greeting if is_first else "",
        voice=agent.voice,
        language=agent.language,
        temperature=agent.temperature,
        reply_tokens_max=agent.reply_tokens_max,
        turns_kept=agent.turns_kept,
        key_terms=terms(agent.key_terms),
        pronunciations=pronunciations(agent.pronunciations),
        patience=agent.patience,
        language_models=language_models(agent.language_models),
        tools=frozenset(agent.tools),
        memory_on=agent.memory_on,
        cache_on=agent.cache_on,
    )
