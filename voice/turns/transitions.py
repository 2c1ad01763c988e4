"""The transitions of the turn machine: what one event does to one phase.

Pure: no clock, no IO. Every change of state happens in this file; machine.py says which function
serves which phase. What carries an old number (utterance, attempt, timer) is dropped in one line,
so late arrivals cannot race.
"""

from dataclasses import replace

from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.endpointing import Endpointing
from voice.turns.state import OpenReply, Phase, Speech, TurnState

Step = tuple[TurnState, tuple[do.Action, ...]]

LISTENING, HEARING, ENDPOINTING = Phase.LISTENING, Phase.HEARING, Phase.ENDPOINTING
THINKING, SPEAKING, ENDED = Phase.THINKING, Phase.SPEAKING, Phase.ENDED


# --- opening and closing ------------------------------------------------------------------------
def begin(state: TurnState, event: on.Began, _: Endpointing) -> Step:
    turn, reply_number = max(state.turn, event.turn), max(state.reply, event.reply)
    state = replace(state, turn=turn, reply=reply_number)
    if event.is_unanswered:
        state, started = _answer(state, None)
        return state, (started,)
    if not event.greeting and event.carries is None:
        return state, ()
    attempt = state.attempt + 1
    if event.carries is not None:
        reply = OpenReply(attempt, "model", number=event.carries)
        return replace(state, phase=SPEAKING, attempt=attempt, open_reply=reply), ()
    reply = OpenReply(attempt, "greeting")
    state = replace(state, phase=THINKING, attempt=attempt, open_reply=reply)
    return state, (do.Say(attempt, state.turn, event.greeting),)


def hang_up(state: TurnState, event: on.HungUp, _: Endpointing) -> Step:
    kept: tuple[do.Action, ...] = ()
    if state.speech and state.speech.said:
        kept = (_record_spoken(state.turn + 1, state.speech),)
    state, silenced = _silence(state)
    return replace(state, phase=ENDED, speech=None), (*silenced, *kept, do.EndSession())


# --- the user speaks ----------------------------------------------------------------------------
def start_turn(state: TurnState, event: on.SpeechStarted, _: Endpointing) -> Step:
    speech = Speech(state.utterance, began_at=event.began_at, ended_at=event.began_at)
    return replace(state, phase=HEARING, speech=speech), ()


def go_on(state: TurnState, event: on.SpeechStarted, _: Endpointing) -> Step:
    """It was a pause, not the end."""
    assert state.speech is not None
    speech = replace(state.speech, is_paused=False, is_final=False, pause_over=False)
    return replace(state, phase=HEARING, speech=speech), ()


def speak_before_reply(state: TurnState, event: on.SpeechStarted, policy: Endpointing) -> Step:
    """Nothing of the reply was heard: the user had not finished, so the same turn goes on."""
    unfinished = state.open_reply.answers if state.open_reply else None
    if unfinished is None and not event.is_live:
        return _wait_for_reply(state, event, policy)
    state, silenced = _silence(state)
    if unfinished is not None:
        state = replace(state, turn=state.turn - 1, speech=unfinished)
    return _user_speaks(state, event, policy), silenced


def barge_in(state: TurnState, event: on.SpeechStarted, policy: Endpointing) -> Step:
    if not event.is_live:
        return _wait_for_reply(state, event, policy)
    state, silenced = _silence(state)
    return _user_speaks(state, event, policy), silenced


def _wait_for_reply(state: TurnState, event: on.SpeechStarted, policy: Endpointing) -> Step:
    """Recorded earlier: it is heard, and has its turn when the reply is over."""
    return replace(_user_speaks(state, event, policy), phase=state.phase), ()


def pause(state: TurnState, event: on.SpeechStopped, policy: Endpointing) -> Step:
    assert state.speech is not None
    state, finalised = _finalise(replace(state, phase=ENDPOINTING))
    state, timed = _set_timer(state, policy.wait_s(now=event.at, ended_at=event.ended_at))
    return _paused(state, event.ended_at), (finalised, timed)


def flush_ear(state: TurnState, event: on.SpeechStopped, _: Endpointing) -> Step:
    """Speech ended that no turn is waiting for: its words must not run into the next one."""
    state, finalised = _finalise(state)
    return _paused(state, event.ended_at), (finalised,)


def commit(state: TurnState, event: on.TurnCommitted, policy: Endpointing) -> Step:
    assert state.speech is not None
    state = _paused(state, event.at)
    state = replace(state, speech=replace(state.speech or _NO_SPEECH, pause_over=True))
    state, finalised = _finalise(replace(state, phase=ENDPOINTING))
    state, timed = _set_timer(state, policy.transcript_s)
    return state, (finalised, timed)


def commit_pause(state: TurnState, event: on.TurnCommitted, policy: Endpointing) -> Step:
    return _pause_over(state, event.at, policy)


# --- the words arrive ---------------------------------------------------------------------------
def hear(state: TurnState, event: on.TranscriptGrew, _: Endpointing) -> Step:
    assert state.speech is not None
    if event.utterance < state.speech.first_utterance:
        return state, ()
    speech = state.speech.with_piece(event.text, is_final=event.is_final)
    is_last = event.is_final and event.utterance == state.utterance - 1 and speech.is_paused
    speech = replace(speech, is_final=is_last)
    if speech.said == state.speech.said:
        return replace(state, speech=speech), ()
    caption = do.ShowCaption(state.turn + 1, speech.said, is_final=False)
    return replace(state, speech=speech), (caption,)


def hear_waiting(state: TurnState, event: on.TranscriptGrew, policy: Endpointing) -> Step:
    """While a reply is made or heard, only speech that waits for its end has words."""
    if state.speech is None:
        return state, ()
    return hear(state, event, policy)


def hear_last_words(state: TurnState, event: on.TranscriptGrew, policy: Endpointing) -> Step:
    state, captions = hear(state, event, policy)
    assert state.speech is not None
    if not (state.speech.is_final and state.speech.pause_over):
        return state, captions
    state, decided = _take_turn(state)
    return state, (*captions, *decided)


def wait_over(state: TurnState, event: on.TimerFired, policy: Endpointing) -> Step:
    assert state.speech is not None
    if event.serial != state.timer:
        return state, ()
    if state.speech.pause_over:  # the ear has had its time: go on with what there is
        return _take_turn(state)
    return _pause_over(state, event.at, policy)


def _pause_over(state: TurnState, at: float, policy: Endpointing) -> Step:
    assert state.speech is not None
    state = replace(state, speech=replace(state.speech, pause_over=True))
    if state.speech and state.speech.is_final:
        return _take_turn(state)
    state, timed = _set_timer(state, policy.transcript_s)
    return state, (timed,)


def _take_turn(state: TurnState) -> Step:
    """The turn is over: answer it, or forget it when it held no words."""
    speech = state.speech or _NO_SPEECH
    number = state.turn + 1
    caption = do.ShowCaption(number, speech.said, is_final=True)
    if not speech.said:
        return replace(state, phase=LISTENING, speech=None), (caption,)
    state, started = _answer(replace(state, turn=number, speech=None), speech)
    return state, (caption, _record_spoken(number, speech), started)


def take_text(state: TurnState, event: on.TextTyped, _: Endpointing) -> Step:
    state, silenced = _silence(state)
    flushed: tuple[do.Action, ...] = ()
    if state.phase is HEARING:
        state, finalised = _finalise(state)
        flushed = (finalised,)
    number = state.turn + 1
    caption = do.ShowCaption(number, event.text, is_final=True)
    record = do.RecordTurn(number, event.text, "typed", began_at=event.at, ended_at=event.at)
    state, started = _answer(replace(state, turn=number, speech=None), None)
    return state, (*silenced, *flushed, caption, record, started)


# --- the reply ----------------------------------------------------------------------------------
def release(state: TurnState, event: on.ReplyReady, _: Endpointing) -> Step:
    if not _is_current(state, event.attempt) or state.open_reply is None:
        return state, ()
    number = state.reply + 1
    reply = replace(state.open_reply, number=number)
    release = do.ReleaseReply(reply.attempt, number, state.turn, reply.source, reply.resumes)
    return replace(state, phase=SPEAKING, reply=number, open_reply=reply), (release,)


def finish(state: TurnState, event: on.ReplyOver, policy: Endpointing) -> Step:
    if not _is_current(state, event.attempt) or state.open_reply is None:
        return state, ()
    reply = state.open_reply
    if reply.number is None:  # there was nothing to hear
        return stop(state, event, policy)
    state, then = _after_reply(replace(state, open_reply=None), event.at, policy)
    return state, (do.CloseReply(reply.attempt, reply.number), *then)


def fail(state: TurnState, event: on.ReplyFailed, policy: Endpointing) -> Step:
    if not _is_current(state, event.attempt):
        return state, ()
    failure = do.ReportFailure(state.turn)
    state, silenced = _silence(state)
    state, then = _after_reply(state, event.at, policy)
    return state, (*silenced, failure, *then)


def fail_midway(state: TurnState, event: on.ReplyFailed, _: Endpointing) -> Step:
    if not _is_current(state, event.attempt):
        return state, ()
    return state, (do.ReportFailure(state.turn),)


def stop(state: TurnState, event: on.StopAsked | on.ReplyOver, policy: Endpointing) -> Step:
    state, silenced = _silence(state)
    state, then = _after_reply(state, event.at, policy)
    return state, (*silenced, *then)


def resume(state: TurnState, event: on.Rejoined, _: Endpointing) -> Step:
    if state.open_reply is None or state.open_reply.number != event.reply:
        return state, ()
    attempt, resumed = state.attempt + 1, event.reply
    reply = OpenReply(attempt, "resumed", resumes=resumed)
    state = replace(state, phase=THINKING, attempt=attempt, open_reply=reply)
    return state, (do.ResumeReply(attempt, state.turn, resumes=resumed),)


def _after_reply(state: TurnState, at: float, policy: Endpointing) -> Step:
    """Listen again; what was said meanwhile and had to wait has its turn now."""
    if state.speech is None:
        return replace(state, phase=LISTENING), ()
    if not state.speech.is_paused:
        return replace(state, phase=HEARING), ()
    return _pause_over(replace(state, phase=ENDPOINTING), at, policy)


# --- pieces of a step ---------------------------------------------------------------------------
_NO_SPEECH = Speech(first_utterance=0, began_at=0.0, ended_at=0.0)


def _is_current(state: TurnState, attempt: int) -> bool:
    return state.open_reply is not None and state.open_reply.attempt == attempt


def _silence(state: TurnState) -> Step:
    reply = state.open_reply
    if reply is None:
        return state, ()
    state = replace(state, open_reply=None)
    if reply.number is None:
        return state, (do.DropReply(reply.attempt),)
    return state, (do.InterruptReply(reply.attempt, reply.number),)


def _finalise(state: TurnState) -> tuple[TurnState, do.Finalise]:
    return replace(state, utterance=state.utterance + 1), do.Finalise(state.utterance)


def _user_speaks(state: TurnState, event: on.SpeechStarted, policy: Endpointing) -> TurnState:
    return (go_on if state.speech else start_turn)(state, event, policy)[0]


def _paused(state: TurnState, ended_at: float) -> TurnState:
    if state.speech is None:
        return state
    return replace(state, speech=replace(state.speech, is_paused=True, ended_at=ended_at))


def _set_timer(state: TurnState, delay_s: float) -> tuple[TurnState, do.SetTimer]:
    serial = state.timer + 1
    return replace(state, timer=serial), do.SetTimer(serial, delay_s)


def _answer(state: TurnState, answers: Speech | None) -> tuple[TurnState, do.StartReply]:
    attempt = state.attempt + 1
    reply = OpenReply(attempt, "model", answers=answers)
    state = replace(state, phase=THINKING, attempt=attempt, open_reply=reply)
    return state, do.StartReply(attempt, state.turn)


def _record_spoken(turn: int, speech: Speech) -> do.RecordTurn:
    return do.RecordTurn(turn, speech.said, "spoken", speech.began_at, speech.ended_at)
