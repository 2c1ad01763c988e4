"""Decide who holds the floor. Pure: no clock, no IO; time arrives inside events.

The table is complete: each (phase, event) pair is a transition or stands in IGNORED with its
reason, and a test fails otherwise. A strange event never raises.
"""

from collections.abc import Callable
from typing import Any

from voice.turns import answering, hearing, late, overlap, speculating, steering
from voice.turns import events as on
from voice.turns.policy import Policy
from voice.turns.state import Phase, TurnState
from voice.turns.steps import ENDED, ENDPOINTING, HEARING, LISTENING, SPEAKING, THINKING, Step


def step(state: TurnState, event: on.Event, policy: Policy) -> Step:
    """The state after the event, and what is to be done."""
    transition = TRANSITIONS.get((state.phase, type(event)))
    return transition(state, event, policy) if transition else (state, ())


TRANSITIONS: dict[tuple[Phase, type[on.Event]], Callable[[TurnState, Any, Policy], Step]] = {
    (LISTENING, on.Began): answering.begin,
    (LISTENING, on.SpeechStarted): hearing.start_turn,
    (LISTENING, on.SpeechStopped): hearing.flush_ear,
    (LISTENING, on.TranscriptGrew): late.hear_late,
    (LISTENING, on.TextTyped): hearing.take_text,
    (LISTENING, on.SayAsked): steering.say,
    (LISTENING, on.HungUp): answering.hang_up,
    (HEARING, on.SpeechDipped): hearing.dip,
    (HEARING, on.SpeechRose): hearing.rise,
    (HEARING, on.SpeechStopped): hearing.pause,
    (HEARING, on.TranscriptGrew): hearing.hear,
    (HEARING, on.TextTyped): hearing.take_text,
    (HEARING, on.TurnCommitted): hearing.commit,
    (HEARING, on.ReplyOver): speculating.lose,
    (HEARING, on.ReplyFailed): speculating.lose,
    (HEARING, on.ContextChanged): steering.doubt,
    (HEARING, on.SayAsked): steering.say_later,
    (HEARING, on.HungUp): answering.hang_up,
    (ENDPOINTING, on.SpeechStarted): hearing.go_on,
    (ENDPOINTING, on.SpeechStopped): hearing.flush_ear,
    (ENDPOINTING, on.EndJudged): hearing.judge_end,
    (ENDPOINTING, on.TranscriptGrew): hearing.hear_last_words,
    (ENDPOINTING, on.TextTyped): hearing.take_text,
    (ENDPOINTING, on.TurnCommitted): hearing.commit_pause,
    (ENDPOINTING, on.TimerFired): hearing.wait_over,
    (ENDPOINTING, on.ReplyOver): speculating.lose,
    (ENDPOINTING, on.ReplyFailed): speculating.lose,
    (ENDPOINTING, on.ContextChanged): steering.doubt_again,
    (ENDPOINTING, on.SayAsked): steering.say_later,
    (ENDPOINTING, on.HungUp): answering.hang_up,
    (THINKING, on.SpeechStarted): overlap.speak_before_reply,
    (THINKING, on.SpeechDipped): overlap.dip_over,
    (THINKING, on.SpeechRose): overlap.rise_over,
    (THINKING, on.SpeechStopped): overlap.stop_speaking_over,
    (THINKING, on.EndJudged): hearing.judge_end,
    (THINKING, on.TranscriptGrew): overlap.hear_over,
    (THINKING, on.TextTyped): hearing.take_text,
    (THINKING, on.TurnCommitted): overlap.commit_over,
    (THINKING, on.StopAsked): answering.stop,
    (THINKING, on.TimerFired): overlap.weigh_again,
    (THINKING, on.ReplyReady): overlap.release,
    (THINKING, on.ReplyOver): answering.finish,
    (THINKING, on.ReplyFailed): answering.fail,
    (THINKING, on.SayAsked): steering.say_later,
    (THINKING, on.HungUp): answering.hang_up,
    (SPEAKING, on.SpeechStarted): overlap.speak_over,
    (SPEAKING, on.SpeechDipped): overlap.dip_over,
    (SPEAKING, on.SpeechRose): overlap.rise_over,
    (SPEAKING, on.SpeechStopped): overlap.stop_speaking_over,
    (SPEAKING, on.EndJudged): hearing.judge_end,
    (SPEAKING, on.TranscriptGrew): overlap.hear_over,
    (SPEAKING, on.TextTyped): hearing.take_text,
    (SPEAKING, on.TurnCommitted): overlap.commit_over,
    (SPEAKING, on.StopAsked): answering.stop,
    (SPEAKING, on.TimerFired): overlap.weigh_again,
    (SPEAKING, on.ReplyOver): answering.finish,
    (SPEAKING, on.ReplyFailed): answering.fail_midway,
    (SPEAKING, on.Rejoined): answering.resume,
    (SPEAKING, on.SayAsked): steering.say_instead,
    (SPEAKING, on.HungUp): answering.hang_up,
}

_ONCE = "a session begins once"
_OLD_REPLY = "no reply is open: this one was dropped"
_NOTHING_TO_STOP = "nothing is being said"
_NOTHING_TO_COMMIT = "nobody is speaking"
_OLD_TIMER = "the phase that asked for it is over"
_OLD_VOICE = "this voice belongs to a turn that was taken without its end"
_HELD = "nobody knows yet whether it is wanted; adopting it tells again"
_UNHEARD = "nothing was being heard when the socket dropped"
_AS_ASKED = "what is being answered is answered as it was asked"
_OVER = "the session is over"

IGNORED: dict[tuple[Phase, type[on.Event]], str] = {
    (LISTENING, on.SpeechDipped): _OLD_VOICE,
    (LISTENING, on.SpeechRose): _OLD_VOICE,
    (LISTENING, on.EndJudged): _OLD_VOICE,
    (LISTENING, on.TurnCommitted): _NOTHING_TO_COMMIT,
    (LISTENING, on.StopAsked): _NOTHING_TO_STOP,
    (LISTENING, on.TimerFired): _OLD_TIMER,
    (LISTENING, on.ReplyReady): _OLD_REPLY,
    (LISTENING, on.ReplyOver): _OLD_REPLY,
    (LISTENING, on.ReplyFailed): _OLD_REPLY,
    (LISTENING, on.Rejoined): _UNHEARD,
    (LISTENING, on.ContextChanged): "nothing is in the making",
    (HEARING, on.Began): _ONCE,
    (HEARING, on.SpeechStarted): "they are speaking already",
    (HEARING, on.EndJudged): "they went on meanwhile",
    (HEARING, on.StopAsked): _NOTHING_TO_STOP,
    (HEARING, on.TimerFired): _OLD_TIMER,
    (HEARING, on.ReplyReady): _HELD,
    (HEARING, on.Rejoined): _UNHEARD,
    (ENDPOINTING, on.Began): _ONCE,
    (ENDPOINTING, on.SpeechDipped): "it is a pause by now",
    (ENDPOINTING, on.SpeechRose): "what goes on after a pause starts anew",
    (ENDPOINTING, on.StopAsked): _NOTHING_TO_STOP,
    (ENDPOINTING, on.ReplyReady): _HELD,
    (ENDPOINTING, on.Rejoined): _UNHEARD,
    (THINKING, on.Began): _ONCE,
    (THINKING, on.Rejoined): "the reply is still held, and will be released to the new socket",
    (THINKING, on.ContextChanged): _AS_ASKED,
    (SPEAKING, on.Began): _ONCE,
    (SPEAKING, on.ReplyReady): "it is released already",
    (SPEAKING, on.ContextChanged): _AS_ASKED,
    **{
        (ENDED, event): _OVER
        for event in (
            on.Began,
            on.SpeechStarted,
            on.SpeechDipped,
            on.SpeechRose,
            on.SpeechStopped,
            on.EndJudged,
            on.TranscriptGrew,
            on.TextTyped,
            on.TurnCommitted,
            on.StopAsked,
            on.TimerFired,
            on.ReplyReady,
            on.ReplyOver,
            on.ReplyFailed,
            on.Rejoined,
            on.ContextChanged,
            on.SayAsked,
            on.HungUp,
        )
    },
}
