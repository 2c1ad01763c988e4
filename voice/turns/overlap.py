"""The user speaks over a reply, or before one is heard: duck at once, decide a moment later. Pure.

The reply plays on, softly, until words, duration or the echo check say whether it is interrupted.
"""

from dataclasses import replace

from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.hearing import SOON_S, begun, commit, resume_turn
from voice.turns.interruption import Overlap, Verdict, due_s, judge
from voice.turns.policy import Policy
from voice.turns.state import Speculation, Speech, TurnState
from voice.turns.steps import (
    HEARING,
    SPEAKING,
    THINKING,
    Step,
    finalise,
    grown,
    is_current,
    let_hear,
    set_timer,
    silence,
)


def speak_before_reply(state: TurnState, event: on.SpeechStarted, policy: Policy) -> Step:
    """Nothing of the reply was heard. If it answers what was spoken, that turn goes on, and the
    reply is kept as a speculation: it may have been a cough."""
    reply = state.open_reply
    assert reply is not None
    if reply.answers is None:
        return speak_over(state, event, policy)
    state = replace(
        state,
        phase=HEARING,
        turn=state.turn - 1,
        open_reply=None,
        speculation=Speculation(reply.attempt, reply.answers.said),
        speech=reply.answers.going_on(event.began_at),
    )
    return state, ()


def release(state: TurnState, event: on.ReplyReady, policy: Policy) -> Step:
    """Let the reply be heard; softly, while it is not clear whether somebody wants the floor."""
    if not is_current(state, event.attempt):
        return state, ()
    state, released = let_hear(state)
    state, weighed = _weigh(state, event.at, policy) if state.is_ducked else (state, ())
    return state, (*released, *weighed)


def speak_over(state: TurnState, event: on.SpeechStarted, policy: Policy) -> Step:
    speech = state.speech
    if speech is None or speech.has_passed:
        speech = begun(state, event)
    elif speech.is_live and not speech.said:
        # Three coughs are three coughs; but the words of the first may be on their way.
        speech = replace(begun(state, event), first_utterance=speech.first_utterance)
    else:
        speech = replace(speech.going_on(event.began_at), is_live=speech.is_live or event.is_live)
    state = replace(state, speech=speech)
    if not speech.is_live:
        return state, ()
    state, ducked = _duck(state)
    state, weighed = _weigh(state, event.at, policy)
    return state, (*ducked, *weighed)


def dip_over(state: TurnState, event: on.SpeechDipped, policy: Policy) -> Step:
    if state.speech is None:
        return state, ()
    state = replace(state, speech=state.speech.dipped(event.ended_at))
    return _weigh(state, event.at, policy)


def rise_over(state: TurnState, event: on.SpeechRose, policy: Policy) -> Step:
    if state.speech is None:
        return state, ()
    state = replace(state, speech=replace(state.speech, is_dipped=False))
    return _weigh(state, event.at, policy)


def stop_speaking_over(state: TurnState, event: on.SpeechStopped, policy: Policy) -> Step:
    state, finalised = finalise(state)
    if state.speech is None:
        return state, finalised
    speech = state.speech.paused(event.ended_at, at=event.at, voiced_s=event.voiced_s)
    state = replace(state, speech=speech)
    state, weighed = _weigh(state, event.at, policy)
    return state, (*finalised, *weighed)


def hear_over(state: TurnState, event: on.TranscriptGrew, policy: Policy) -> Step:
    if state.speech is None:
        return state, ()
    speech = grown(state, event)
    if speech == state.speech:
        return state, ()
    return _weigh(replace(state, speech=speech), event.at, policy)


def weigh_again(state: TurnState, event: on.TimerFired, policy: Policy) -> Step:
    return _weigh(state, event.at, policy) if event.serial == state.timer else (state, ())


def commit_over(state: TurnState, event: on.TurnCommitted, policy: Policy) -> Step:
    """Hold-to-talk was released: whoever pressed it meant to interrupt."""
    speech = state.speech
    if speech is None or not speech.is_live:
        return state, ()
    state, silenced = silence(replace(state, phase=HEARING))
    state, committed = commit(state, event, policy)
    return state, (*silenced, *committed)


def _weigh(state: TurnState, at: float, policy: Policy) -> Step:
    speech = state.speech
    if speech is None or not speech.is_live:
        return state, ()
    overlap = _overlap(speech, at, policy)
    verdict = judge(overlap, policy.interruption)
    if verdict is Verdict.INTERRUPTS and state.phase is THINKING and not speech.said:
        return state, ()  # nothing is being said that a noise could interrupt
    match verdict:
        case Verdict.INTERRUPTS:
            speech = replace(speech, has_passed=False, has_interrupted=bool(speech.said))
            state, silenced = silence(replace(state, speech=speech))
            state, resumed = resume_turn(state, at, policy)
            return state, (*silenced, *resumed)
        case Verdict.LETS_PASS:
            state = replace(state, speech=replace(speech, has_passed=True))
            return _unduck(state)
    due = due_s(overlap, policy.interruption)
    return (state, ()) if due is None else set_timer(state, max(SOON_S, due))


def _overlap(speech: Speech, at: float, policy: Policy) -> Overlap:
    return Overlap(
        voiced_s=speech.spoken_s(at),
        silent_s=at - speech.ended_at if speech.is_silent else None,
        text=speech.said,
        is_final=speech.is_final,
        is_echo=speech.is_echo,
        has_echo=speech.has_echo,
        language=policy.language,
    )


def _duck(state: TurnState) -> Step:
    if state.phase is not SPEAKING or state.is_ducked:
        return state, ()
    return replace(state, is_ducked=True), (do.Duck(state.reply),)


def _unduck(state: TurnState) -> Step:
    if not state.is_ducked:
        return state, ()
    return replace(state, is_ducked=False), (do.Unduck(state.reply),)
