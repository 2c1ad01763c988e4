"""Words that the ear understood, without those that were the assistant's own, come back through an
open speaker.
"""

from collections.abc import Sequence
from dataclasses import replace

from voice.text.echo import HeardText, SaidWord, is_echo, own_words
from voice.turns.events import TranscriptGrew
from voice.turns.state import Speech

EARLY_S = 0.3
"""Words may begin so much before VAD hears a voice."""
SURE_S = 0.4
"""A voice that the echo guard has let pass for so long is somebody's: each word counts."""


def without_echo(
    event: TranscriptGrew, said: Sequence[SaidWord], speech: Speech | None, *, is_guarded: bool
) -> TranscriptGrew:
    """said: what could be heard of the assistant lately. speech: what the words belong to.
    is_guarded: echo is told from voices by the sound as well."""
    if not said or speech is None or not event.text:
        return event
    heard = HeardText(event.text, speech.began_at - EARLY_S, event.at)
    has_strays = not is_guarded or speech.spoken_s(event.at) < SURE_S
    if is_echo(heard, said, has_strays=has_strays):
        return replace(event, is_echo=True)
    return replace(event, text=own_words(heard, said))
