"""How a voice spoke a kept answer, so that it can be heard again at once."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction

from conversations.models import CachedAudio, CachedReply

BYTES_MAX = 256 * 2**20
"""Of all that is kept: 1.5 hours of sound. What was not used for longest goes first."""
RATE_HZ = 24_000

WordStart = tuple[int, int, int | None]
"""Which word, where it begins and, where the voice says so, ends; samples from the start of the
sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    """As it is written."""
    said: str
    """As the voice was given it."""
    samples: int
    words: tuple[WordStart, ...] = ()


@dataclass(frozen=True, slots=True)
class Spoken:
    """An answer in one voice."""

    voice: str
    """Names it: whoever speaks with it sounds the same."""
    sentences: tuple[Sentence, ...]
    pcm: bytes
    """All sentences end to end: mono, 16 bit, 24 kHz."""

    @property
    def seconds(self) -> float:
        return len(self.pcm) / 2 / RATE_HZ


@transaction.atomic
def keep_audio(entry: int, spoken: Spoken) -> bool:
    """Keep how the answer sounds, in the place of what there was of that voice; False when the
    answer itself is gone meanwhile."""
    if not CachedReply.objects.select_for_update().filter(pk=entry).exists():
        return False
    CachedAudio.objects.update_or_create(
        reply_id=entry,
        voice=spoken.voice,
        defaults={
            "sentences": [asdict(sentence) for sentence in spoken.sentences],
            "pcm": spoken.pcm,
        },
    )
    stay_within(BYTES_MAX)
    return True


def audio_of(entry: int, voices: Sequence[str]) -> Spoken | None:
    """The answer in the first of these voices that has spoken it."""
    if not voices:
        return None
    with connection.cursor() as cursor:
        cursor.execute(AUDIO, {"entry": entry, "voices": list(voices)})
        row = cursor.fetchone()
    if row is None:
        return None
    voice, sentences, pcm = row
    return Spoken(voice, tuple(map(_sentence, json.loads(sentences))), bytes(pcm))


AUDIO = f"""
SELECT voice, sentences, pcm FROM {CachedAudio._meta.db_table}
WHERE reply_id = %(entry)s AND voice = ANY(%(voices)s)
ORDER BY array_position(%(voices)s::varchar[], voice) LIMIT 1
"""


def _sentence(fields: dict[str, Any]) -> Sentence:
    words = tuple((word, start, end) for word, start, end in fields["words"])
    return Sentence(fields["text"], fields["said"], fields["samples"], words)


def stay_within(bytes_max: int) -> None:
    """Forget the sound of the answers that were not used for longest."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM conversations_cachedaudio WHERE id IN (
                SELECT id FROM (
                    SELECT audio.id, sum(octet_length(audio.pcm))
                        OVER (ORDER BY reply.used_at DESC, audio.id DESC) AS bytes
                    FROM conversations_cachedaudio audio
                    JOIN conversations_cachedreply reply ON reply.id = audio.reply_id
                ) AS newest_first WHERE bytes > %s
            )
            """,
            [bytes_max],
        )
