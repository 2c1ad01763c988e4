"""The user has the floor: what voice, words and pauses do to their turn until it is taken. Pure."""

from dataclasses import replace

from voice.text.invented import is_invented
from voice.text.words import same_words
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.policy import Policy
from voice.turns.speculating import pause_s, resolve, speculate
from voice.turns.state import Speech, TurnState
from voice.turns.steps import (
    ENDPOINTING,
    HEARING,
    Step,
    answer,
    awaited,
    finalise,
    forget_speculation,
    grown,
    record_spoken,
    rest,
    set_timer,
    silence,
)

SOON_S = 0.001
"""A timer may fire a moment early."""


# --- the voice ----------------------------------------------------------------------------------
def start_turn(state: TurnState, event: on.SpeechStarted, policy: Policy) -> Step:
    speech, before = begun(state, event), awaited(state, event.began_at, policy)
    if before is not None and not before.is_final:  # the ear owes its words, which come first
        speech = replace(speech, first_utterance=before.first_utterance, began_at=before.began_at)
    return replace(state, phase=HEARING, speech=speech, wordless=None, speculated=0), ()


def begun(state: TurnState, event: on.SpeechStarted) -> Speech:
    """Speech of which nothing is known but that it is there."""
    return Speech(
        state.utterance,
        began_at=event.began_at,
        ended_at=event.began_at,
        voiced_from=event.began_at,
        is_live=event.is_live,
        has_echo=event.has_echo,
    )


def go_on(state: TurnState, event: on.SpeechStarted, _: Policy) -> Step:
    """It was a pause, not the end."""
    assert state.speech is not None
    return replace(state, phase=HEARING, speech=state.speech.going_on(event.began_at)), ()


def dip(state: TurnState, event: on.SpeechDipped, policy: Policy) -> Step:
    assert state.speech is not None
    state = replace(state, speech=state.speech.dipped(event.ended_at))
    return speculate(state, policy)


def rise(state: TurnState, _: on.SpeechRose, __: Policy) -> Step:
    assert state.speech is not None
    return replace(state, speech=replace(state.speech, is_dipped=False)), ()


def pause(state: TurnState, event: on.SpeechStopped, policy: Policy) -> Step:
    assert state.speech is not None
    speech = state.speech.paused(event.ended_at, at=event.at, voiced_s=event.voiced_s)
    state, finalised = finalise(replace(state, phase=ENDPOINTING, speech=speech))
    state, decided = consider(state, event.at, policy)
    return state, (*finalised, *decided)


def judge_end(state: TurnState, event: on.EndJudged, policy: Policy) -> Step:
    speech = state.speech
    if speech is None or not speech.is_paused or speech.ended_at != event.ended_at:
        return state, ()
    state = replace(state, speech=replace(speech, ends_probability=event.probability))
    return consider(state, event.at, policy) if state.phase is ENDPOINTING else (state, ())


def flush_ear(state: TurnState, _: on.SpeechStopped, __: Policy) -> Step:
    """Speech ended that no turn is waiting for: its words must not run into the next one."""
    return finalise(state)


def commit(state: TurnState, event: on.TurnCommitted, policy: Policy) -> Step:
    """Hold-to-talk was released: the turn ends without a pause."""
    assert state.speech is not None
    ended_at = state.speech.ended_at if state.speech.is_silent else event.at
    speech = replace(state.speech.paused(ended_at, at=event.at), is_committed=True)
    state, finalised = finalise(replace(state, phase=ENDPOINTING, speech=speech))
    state, decided = consider(state, event.at, policy)
    return state, (*finalised, *decided)


def commit_pause(state: TurnState, event: on.TurnCommitted, policy: Policy) -> Step:
    assert state.speech is not None
    state = replace(state, speech=replace(state.speech, is_committed=True))
    return consider(state, event.at, policy)


# --- the words ----------------------------------------------------------------------------------
def hear(state: TurnState, event: on.TranscriptGrew, policy: Policy) -> Step:
    state, captions = _listen(state, event)
    state, speculated = speculate(state, policy)
    return state, (*captions, *speculated)


def hear_last_words(state: TurnState, event: on.TranscriptGrew, policy: Policy) -> Step:
    state, captions = _listen(state, event)
    state, decided = consider(state, event.at, policy)
    return state, (*captions, *decided)


def _listen(state: TurnState, event: on.TranscriptGrew) -> Step:
    before = state.speech
    assert before is not None
    speech = grown(state, event)
    if speech.said == before.said:
        return replace(state, speech=speech), ()
    if speech.gap_s:  # they had more to say
        state = replace(state, habit=state.habit.with_pause(speech.gap_s))
        speech = replace(speech, gap_s=0.0, has_pauses=True)
    state, dropped = _doubt(replace(state, speech=speech), speech)
    caption = do.ShowCaption(state.turn + 1, speech.said, is_final=False)
    return state, (caption, *dropped)


def _doubt(state: TurnState, speech: Speech) -> Step:
    """What was begun on suspicion is for nothing once other words have come."""
    if state.speculation is None or same_words(state.speculation.text, speech.said):
        return state, ()
    return forget_speculation(state)


# --- the end of the turn --------------------------------------------------------------------------
def wait_over(state: TurnState, event: on.TimerFired, policy: Policy) -> Step:
    return consider(state, event.at, policy) if event.serial == state.timer else (state, ())


def consider(state: TurnState, at: float, policy: Policy) -> Step:
    """The user is silent: take the turn, or wait for more silence or for the ear."""
    speech = state.speech
    assert speech is not None
    needed_s = 0.0 if speech.is_committed else pause_s(state, speech, policy)
    left_s = speech.ended_at + needed_s - at
    if left_s <= SOON_S and not speech.is_final:
        left_s = speech.asked_at + policy.transcript_s - at
    if left_s <= SOON_S:
        return take_turn(state, at, needed_s, policy)
    state, speculated = speculate(state, policy)
    state, timed = set_timer(state, left_s)
    return state, (*speculated, *timed)


def take_turn(state: TurnState, at: float, waited_s: float, policy: Policy) -> Step:
    """The turn is over: answer it, or forget it when it held no words."""
    speech = state.speech
    assert speech is not None
    number = state.turn + 1
    if not _has_words(speech, at, policy):
        state, dropped = forget_speculation(state)
        caption = do.ShowCaption(number, "", is_final=True)
        wordless = None if speech.said else replace(speech, interim_of=state.utterance - 1)
        state, said = rest(replace(state, wordless=wordless))
        return state, (*dropped, caption, *said)
    caption = do.ShowCaption(number, speech.said, is_final=True)
    habit = state.habit if speech.has_pauses else state.habit.with_fluent_turn()
    state = replace(state, turn=number, speech=None, habit=habit)
    state, speech, closed = _close(state, speech)
    state, answered = resolve(state, speech, waited_s)
    return state, (caption, record_spoken(number, speech), *closed, *answered)


def _close(state: TurnState, speech: Speech) -> tuple[TurnState, Speech, tuple[do.Action, ...]]:
    """Words that came after the answer belong to an utterance that is still open: the next turn
    would begin with them."""
    if not speech.interim or speech.interim_of != state.utterance:
        return state, speech, ()
    state, finalised = finalise(state)
    speech = replace(speech, settled=speech.said, interim="", first_utterance=state.utterance)
    return state, speech, finalised


def _has_words(speech: Speech, at: float, policy: Policy) -> bool:
    """Of the user's own. Words that stopped a reply are answered even if they look made up in the
    end: the reply is gone, and silence would be worse."""
    if not speech.said or speech.is_echo:
        return False
    is_made_up = is_invented(speech.said, speech.spoken_s(at), policy.language)
    return speech.has_interrupted or not is_made_up


def take_text(state: TurnState, event: on.TextTyped, _: Policy) -> Step:
    """A typed turn is over at once; what was being said is dropped."""
    state, silenced = silence(state)
    flushed: tuple[do.Action, ...] = ()
    if state.phase is HEARING:
        state, flushed = finalise(state)
    number = state.turn + 1
    caption = do.ShowCaption(number, event.text, is_final=True)
    record = do.RecordTurn(number, event.text, "typed", began_at=event.at, ended_at=event.at)
    state, started = answer(replace(state, turn=number, speech=None), None)
    return state, (*silenced, *flushed, caption, record, *started)


def resume_turn(state: TurnState, at: float, policy: Policy) -> Step:
    """The reply is out of the way: what was said over it has its turn, or nobody speaks."""
    speech = state.speech
    if speech is None or _is_past(speech, at, policy):
        return rest(state)
    state = replace(state, speculated=0, speech=replace(speech, has_passed=False))
    captions: tuple[do.Action, ...] = ()
    if speech.said:
        captions = (do.ShowCaption(state.turn + 1, speech.said, is_final=False),)
    if not speech.is_paused:
        return replace(state, phase=HEARING), captions
    state, decided = consider(replace(state, phase=ENDPOINTING), at, policy)
    return state, (*captions, *decided)


def _is_past(speech: Speech, at: float, policy: Policy) -> bool:
    """It was let pass, and too long ago to be an answer to the end of the reply."""
    if not (speech.has_passed and speech.is_paused):
        return False
    return speech.is_echo or at - speech.ended_at > policy.answer_s
