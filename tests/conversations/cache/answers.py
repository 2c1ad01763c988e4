"""Answers that were given, kept and looked for."""

from conversations import cache
from conversations.cache import Given, Partition, Sentence, Spoken
from conversations.models import Conversation
from tests.conversations.conftest import answered, said

QUESTION, ANSWER = "What is the capital of France?", "Paris is the capital of France."
VECTOR = [1.0] + [0.0] * 383
VOICE = "offline/en"
PCM = b"\x01\x02" * 2400


def partition(conversation: Conversation, **parts) -> Partition:
    agent = conversation.agent
    fields = {
        "agent": agent.pk,
        "version": agent.version,
        "language": "en",
        "model_family": "groq/small",
        "user": conversation.user_id,
    }
    return Partition(**fields | parts)


def spoken(voice: str = VOICE, pcm: bytes = PCM) -> Spoken:
    sentence = Sentence(ANSWER, ANSWER, len(pcm) // 2, ((0, 120, None), (1, 480, 900)))
    return Spoken(voice, (sentence,), pcm)


def keep(conversation, question=QUESTION, answer=ANSWER, *, number=1, vector=VECTOR, **parts):
    """After it was said in this conversation."""
    said(conversation, number, question)
    answered(conversation, number, answer, reply=number)
    return cache.keep(
        partition(conversation, **parts),
        Given(question, answer),
        vector,
        conversation=conversation.pk,
        reply=number,
    )


def found(conversation, question=QUESTION, *, vector=VECTOR, voices=(), **parts):
    answer = cache.find(partition(conversation, **parts), question, vector, voices=voices)
    return answer.text if answer else None
