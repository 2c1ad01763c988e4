"""An ear that is late: a turn was forgotten since it had no word of it, and here they are. Pure."""

from dataclasses import replace

from voice.turns import events as on
from voice.turns.hearing import hear_last_words
from voice.turns.policy import Policy
from voice.turns.state import TurnState
from voice.turns.steps import ENDPOINTING, Step, awaited


def hear_late(state: TurnState, event: on.TranscriptGrew, policy: Policy) -> Step:
    """The words of what was forgotten for want of any: it is a turn. Others belong to a turn that
    was taken without them, or to none."""
    speech = awaited(state, event.at, policy)
    is_answer = event.is_final and speech is not None and event.utterance == speech.interim_of
    if speech is None or not event.text or not (is_answer or event.is_late):
        return state, ()
    state = replace(state, phase=ENDPOINTING, speech=speech, wordless=None, speculated=0)
    return hear_last_words(state, event, policy)
