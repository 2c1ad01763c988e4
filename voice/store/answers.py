"""Answers that were given before, and how they sounded."""

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

import structlog
from django.conf import settings

from conversations import cache, embeddings
from conversations.cache import Given, Partition, Spoken
from voice.providers.voices import voice_of
from voice.store.threads import query, written
from voice.store.values import AgentContext, Person

log = structlog.get_logger()

keep_audio = written(cache.keep_audio)
count_hit = written(cache.count_hit)
drop_answer = written(cache.drop)


async def keep_answer(
    person: Person,
    conversation: UUID,
    agent: AgentContext,
    given: Given,
    *,
    reply: int,
    family: str,
    vector: Sequence[float] | None,
    spoken: Spoken | None,
) -> None:
    """Keep it, and how it sounded, for whoever asks the same, if it may be. For a reply that is
    recorded already.

    family: of the model that wrote it. vector: the question's, where it is known."""
    where = partition(person, agent, family)
    entry = await query(_keep, where, conversation, given, reply=reply, vector=vector)
    if entry is not None and spoken is not None:
        await keep_audio(entry, spoken)


def partition(person: Person, agent: AgentContext, family: str) -> Partition:
    """Where answers of such a model to this person are looked for."""
    return Partition(agent.id, agent.version, agent.language, family[:80], person.id)


def voice_key(agent: AgentContext, provider: str) -> str:
    """Names how this provider speaks for this agent: whoever has the same key sounds the same."""
    said = repr(sorted(agent.pronunciations.items()))
    vendor = f"{provider.upper()}_TTS"
    parts = (
        provider,
        settings.PROVIDERS.get(f"{vendor}_MODEL", ""),
        voice_of(agent.voice, provider) or settings.PROVIDERS.get(f"{vendor}_VOICE", ""),
        agent.language,
        sha256(said.encode()).hexdigest()[:12],
    )
    return "/".join(parts)[:500]


def _keep(
    where: Partition,
    conversation: UUID,
    given: Given,
    *,
    reply: int,
    vector: Sequence[float] | None,
) -> int | None:
    vector = vector or embeddings.embed_if_ready(given.question)
    if vector is None:
        return None
    kept = cache.keep(where, given, vector, conversation=conversation, reply=reply)
    if isinstance(kept, str):
        log.debug("cache.not_kept", reason=kept)
        return None
    return kept
