"""Somebody with all that may ever be kept of a user, each piece with a word that tells it."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Model, Value
from django.utils import timezone

from conversations import selectors, services
from conversations.models import (
    EMBEDDING_DIMENSIONS,
    CachedAudio,
    CachedReply,
    Conversation,
    Memory,
    Passage,
    Turn,
    User,
)
from tests.conversations.conftest import answered, said

VECTOR = [1.0] + [0.0] * (EMBEDDING_DIMENSIONS - 1)


def conversation_of(user: User, word: str, *, cached_for: User | None = None) -> Conversation:
    """One that left something in every table. word: begins each distinctive word in it."""
    agent = selectors.default_agent()
    conversation = services.start_conversation(user.pk, agent.pk)
    session = services.open_session(conversation.pk, providers={}, client=f"{word}browser")
    said(conversation, 1, f"my dog is called {word}dog")
    answered(conversation, 1, f"What a name, {word}answer.")
    services.close_session(session.pk, close_code=1000)
    Conversation.objects.filter(pk=conversation.pk).update(
        title=f"About {word}title",
        summary=f"They have {word}summary.",
        summarised_to=1,
        context=f"Call them {word}context.",
    )
    question, reply = conversation.utterances.order_by("started_at")
    Turn.objects.filter(pk=reply.pk).update(
        sources=[{"title": f"{word}source", "url": f"https://example.org/{word}url"}],
        metrics={"note": f"{word}metric"},
    )
    for turn in (question, reply):
        passage_of(turn, user)
    cached(reply, word, user=cached_for)
    _job("embed_turn", turn_id=question.pk)
    _job("distil", conversation_id=str(conversation.pk))
    conversation.refresh_from_db()
    return conversation


def passage_of(turn: Turn, user: User) -> Passage:
    passage, _ = Passage.objects.update_or_create(
        turn=turn,
        defaults={"user": user, "embedding": VECTOR, "words": Value("")},
    )
    Passage.objects.filter(pk=passage.pk).update(words=SearchVector(Value(turn.text)))
    return passage


def fact(user: User, text: str, **fields: Any) -> Memory:
    return Memory.objects.create(user=user, text=text, **fields)


def cached(reply: Turn, word: str, *, user: User | None) -> CachedReply:
    kept = CachedReply.objects.create(
        agent=selectors.default_agent(),
        agent_version=1,
        language="en",
        model_family="any",
        user=user,
        question=f"What about {word}question?",
        answer=f"This: {word}cached.",
        expires_at=timezone.now() + timedelta(days=1),
        source=reply,
        embedding=VECTOR,
    )
    CachedAudio.objects.create(
        reply=kept, voice="x", sentences=[{"text": f"{word}sentence"}], pcm=b"\0\0"
    )
    return kept


def edited_in_admin(row: Model, by: User) -> None:
    LogEntry.objects.create(
        user=by,
        content_type=ContentType.objects.get_for_model(row),
        object_id=str(row.pk),
        object_repr=str(row),
        action_flag=CHANGE,
    )


def _job(task: str, **arguments: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, args, status)"
            " VALUES ('default', %s, 0, %s::jsonb, 'todo')",
            [task, json.dumps(arguments)],
        )
