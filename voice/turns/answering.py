"""The assistant has the floor: what becomes of a reply that was asked for. Pure."""

from dataclasses import replace

from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.hearing import resume_turn
from voice.turns.pauses import Habit
from voice.turns.policy import Policy
from voice.turns.state import OpenReply, TurnState
from voice.turns.steps import (
    ENDED,
    SPEAKING,
    THINKING,
    Step,
    answer,
    give_up,
    is_current,
    record_spoken,
    silence,
)


# --- opening and closing ------------------------------------------------------------------------
def begin(state: TurnState, event: on.Began, _: Policy) -> Step:
    turn, reply_number = max(state.turn, event.turn), max(state.reply, event.reply)
    state = replace(state, turn=turn, reply=reply_number, habit=Habit(event.usual_pause_s))
    if event.is_unanswered:
        return answer(state, None)
    if not event.greeting and event.carries is None:
        return state, ()
    attempt = state.attempt + 1
    if event.carries is not None:
        reply = OpenReply(attempt, "model", number=event.carries)
        return replace(state, phase=SPEAKING, attempt=attempt, open_reply=reply), ()
    reply = OpenReply(attempt, "greeting")
    state = replace(state, phase=THINKING, attempt=attempt, open_reply=reply)
    return state, (do.Say(attempt, state.turn, event.greeting),)


def hang_up(state: TurnState, event: on.HungUp, _: Policy) -> Step:
    kept: tuple[do.Action, ...] = ()
    speech = state.speech
    if speech and speech.said and not speech.has_passed:
        speech = speech if speech.is_silent else replace(speech, ended_at=event.at)
        kept = (record_spoken(state.turn + 1, speech),)
    state, silenced = silence(state)
    return replace(state, phase=ENDED, speech=None), (*silenced, *kept, do.EndSession())


# --- the reply ----------------------------------------------------------------------------------
def finish(state: TurnState, event: on.ReplyOver, policy: Policy) -> Step:
    if not is_current(state, event.attempt) or state.open_reply is None:
        return state, ()
    reply = state.open_reply
    if reply.number is None:  # there was nothing to hear
        return stop(state, event, policy)
    state = replace(state, open_reply=None, is_ducked=False)
    state, then = resume_turn(state, event.at, policy)
    return state, (do.CloseReply(reply.attempt, reply.number), *then)


def fail(state: TurnState, event: on.ReplyFailed, policy: Policy) -> Step:
    if not is_current(state, event.attempt):
        return state, ()
    failure = do.ReportFailure(state.turn)
    state, silenced = silence(give_up(state))
    state, then = resume_turn(state, event.at, policy)
    return state, (*silenced, failure, *then)


def fail_midway(state: TurnState, event: on.ReplyFailed, _: Policy) -> Step:
    if not is_current(state, event.attempt):
        return state, ()
    return state, (do.ReportFailure(state.turn),)


def stop(state: TurnState, event: on.StopAsked | on.ReplyOver, policy: Policy) -> Step:
    state, silenced = silence(give_up(state))
    state, then = resume_turn(state, event.at, policy)
    return state, (*silenced, *then)


def resume(state: TurnState, event: on.Rejoined, _: Policy) -> Step:
    if state.open_reply is None or state.open_reply.number != event.reply:
        return state, ()
    attempt, resumed = state.attempt + 1, event.reply
    reply = OpenReply(attempt, "resumed", resumes=resumed)
    state = replace(state, phase=THINKING, attempt=attempt, open_reply=reply, is_ducked=False)
    return state, (do.ResumeReply(attempt, state.turn, resumes=resumed),)
