"""Decide who holds the floor. Pure: no clock, no IO; time arrives inside events.

The table is complete: each (phase, event) pair is a transition or stands in IGNORED with its
reason, and a test fails otherwise. A strange event never raises.
"""

from collections.abc import Callable
from typing import Any

from voice.turns import events as on
from voice.turns import transitions as to
from voice.turns.endpointing import Endpointing
from voice.turns.state import Phase, TurnState
from voice.turns.transitions import ENDED, ENDPOINTING, HEARING, LISTENING, SPEAKING, THINKING, Step


def step(state: TurnState, event: on.Event, policy: Endpointing) -> Step:
    """The state after the event, and what is to be done."""
    transition = TRANSITIONS.get((state.phase, type(event)))
    return transition(state, event, policy) if transition else (state, ())


TRANSITIONS: dict[tuple[Phase, type[on.Event]], Callable[[TurnState, Any, Endpointing], Step]] = {
    (LISTENING, on.Began): to.begin,
    (LISTENING, on.SpeechStarted): to.start_turn,
    (LISTENING, on.SpeechStopped): to.flush_ear,
    (LISTENING, on.TextTyped): to.take_text,
    (LISTENING, on.HungUp): to.hang_up,
    (HEARING, on.SpeechStopped): to.pause,
    (HEARING, on.TranscriptGrew): to.hear,
    (HEARING, on.TextTyped): to.take_text,
    (HEARING, on.TurnCommitted): to.commit,
    (HEARING, on.HungUp): to.hang_up,
    (ENDPOINTING, on.SpeechStarted): to.go_on,
    (ENDPOINTING, on.SpeechStopped): to.flush_ear,
    (ENDPOINTING, on.TranscriptGrew): to.hear_last_words,
    (ENDPOINTING, on.TextTyped): to.take_text,
    (ENDPOINTING, on.TurnCommitted): to.commit_pause,
    (ENDPOINTING, on.TimerFired): to.wait_over,
    (ENDPOINTING, on.HungUp): to.hang_up,
    (THINKING, on.SpeechStarted): to.speak_before_reply,
    (THINKING, on.SpeechStopped): to.flush_ear,
    (THINKING, on.TranscriptGrew): to.hear_waiting,
    (THINKING, on.TextTyped): to.take_text,
    (THINKING, on.StopAsked): to.stop,
    (THINKING, on.ReplyReady): to.release,
    (THINKING, on.ReplyOver): to.finish,
    (THINKING, on.ReplyFailed): to.fail,
    (THINKING, on.HungUp): to.hang_up,
    (SPEAKING, on.SpeechStarted): to.barge_in,
    (SPEAKING, on.SpeechStopped): to.flush_ear,
    (SPEAKING, on.TranscriptGrew): to.hear_waiting,
    (SPEAKING, on.TextTyped): to.take_text,
    (SPEAKING, on.StopAsked): to.stop,
    (SPEAKING, on.ReplyOver): to.finish,
    (SPEAKING, on.ReplyFailed): to.fail_midway,
    (SPEAKING, on.Rejoined): to.resume,
    (SPEAKING, on.HungUp): to.hang_up,
}

_ONCE = "a session begins once"
_OLD_REPLY = "no reply is open: this one was dropped"
_NOTHING_TO_STOP = "nothing is being said"
_NOTHING_TO_COMMIT = "nobody is speaking"
_OLD_TIMER = "the phase that asked for it is over"
_OLD_WORDS = "these words belong to a turn that was taken without them, or to none"
_UNHEARD = "nothing was being heard when the socket dropped"
_OVER = "the session is over"

IGNORED: dict[tuple[Phase, type[on.Event]], str] = {
    (LISTENING, on.TranscriptGrew): _OLD_WORDS,
    (LISTENING, on.TurnCommitted): _NOTHING_TO_COMMIT,
    (LISTENING, on.StopAsked): _NOTHING_TO_STOP,
    (LISTENING, on.TimerFired): _OLD_TIMER,
    (LISTENING, on.ReplyReady): _OLD_REPLY,
    (LISTENING, on.ReplyOver): _OLD_REPLY,
    (LISTENING, on.ReplyFailed): _OLD_REPLY,
    (LISTENING, on.Rejoined): _UNHEARD,
    (HEARING, on.Began): _ONCE,
    (HEARING, on.SpeechStarted): "they are speaking already",
    (HEARING, on.StopAsked): _NOTHING_TO_STOP,
    (HEARING, on.TimerFired): _OLD_TIMER,
    (HEARING, on.ReplyReady): _OLD_REPLY,
    (HEARING, on.ReplyOver): _OLD_REPLY,
    (HEARING, on.ReplyFailed): _OLD_REPLY,
    (HEARING, on.Rejoined): _UNHEARD,
    (ENDPOINTING, on.Began): _ONCE,
    (ENDPOINTING, on.StopAsked): _NOTHING_TO_STOP,
    (ENDPOINTING, on.ReplyReady): _OLD_REPLY,
    (ENDPOINTING, on.ReplyOver): _OLD_REPLY,
    (ENDPOINTING, on.ReplyFailed): _OLD_REPLY,
    (ENDPOINTING, on.Rejoined): _UNHEARD,
    (THINKING, on.Began): _ONCE,
    (THINKING, on.TurnCommitted): _NOTHING_TO_COMMIT,
    (THINKING, on.TimerFired): _OLD_TIMER,
    (THINKING, on.Rejoined): "the reply is still held, and will be released to the new socket",
    (SPEAKING, on.Began): _ONCE,
    (SPEAKING, on.TurnCommitted): _NOTHING_TO_COMMIT,
    (SPEAKING, on.TimerFired): _OLD_TIMER,
    (SPEAKING, on.ReplyReady): "it is released already",
    **{
        (ENDED, event): _OVER
        for event in (
            on.Began,
            on.SpeechStarted,
            on.SpeechStopped,
            on.TranscriptGrew,
            on.TextTyped,
            on.TurnCommitted,
            on.StopAsked,
            on.TimerFired,
            on.ReplyReady,
            on.ReplyOver,
            on.ReplyFailed,
            on.Rejoined,
            on.HungUp,
        )
    },
}
