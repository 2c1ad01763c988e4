"""Pieces that transitions are made of. Pure. What carries an old number (utterance, attempt, timer)
is dropped in one line, so late arrivals cannot race.
"""

from dataclasses import replace

from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.policy import Policy
from voice.turns.state import OpenReply, Phase, Speech, TurnState

Actions = tuple[do.Action, ...]
Step = tuple[TurnState, Actions]

LISTENING, HEARING, ENDPOINTING = Phase.LISTENING, Phase.HEARING, Phase.ENDPOINTING
THINKING, SPEAKING, ENDED = Phase.THINKING, Phase.SPEAKING, Phase.ENDED


def is_current(state: TurnState, attempt: int) -> bool:
    return state.open_reply is not None and state.open_reply.attempt == attempt


def silence(state: TurnState) -> Step:
    """Whatever is said or being prepared is for nothing."""
    state, dropped = forget_speculation(state)
    reply = state.open_reply
    if reply is None:
        return state, dropped
    state = replace(state, open_reply=None, is_ducked=False)
    if reply.number is None:
        return state, (*dropped, do.DropReply(reply.attempt))
    return state, (*dropped, do.InterruptReply(reply.attempt, reply.number))


def forget_speculation(state: TurnState) -> Step:
    if state.speculation is None:
        return state, ()
    return replace(state, speculation=None), (do.DropReply(state.speculation.attempt),)


def rest(state: TurnState) -> Step:
    """Nobody has the floor: say what an operator wants said, or listen."""
    if not state.sayings:
        return replace(state, phase=LISTENING, speech=None), ()
    attempt = state.attempt + 1
    reply = OpenReply(attempt, "operator")
    state = replace(state, phase=THINKING, speech=None, attempt=attempt, open_reply=reply)
    return state, (do.Say(attempt, state.turn, state.sayings[0]),)


def give_up(state: TurnState) -> TurnState:
    """The open reply is unwanted or cannot be voiced: words of an operator are not tried again."""
    is_operators = state.open_reply is not None and state.open_reply.source == "operator"
    is_unheard = state.open_reply is not None and state.open_reply.number is None
    return replace(state, sayings=state.sayings[1:]) if is_operators and is_unheard else state


def answer(state: TurnState, answers: Speech | None, *, pause_s: float = 0.0) -> Step:
    attempt = state.attempt + 1
    reply = OpenReply(attempt, "model", answers=answers)
    state = replace(state, phase=THINKING, attempt=attempt, open_reply=reply, wordless=None)
    return state, (do.StartReply(attempt, state.turn, pause_s),)


def let_hear(state: TurnState) -> Step:
    """Let the open reply be heard; softly, where somebody is speaking."""
    reply = state.open_reply
    assert reply is not None
    state = give_up(state)  # what is heard need not be said again
    number = state.reply + 1
    reply = replace(reply, number=number)
    released = do.ReleaseReply(reply.attempt, number, state.turn, reply.source, reply.resumes)
    state = replace(state, phase=SPEAKING, reply=number, open_reply=reply)
    if state.speech and state.speech.is_live and not state.speech.has_passed:
        return replace(state, is_ducked=True), (released, do.Duck(number))
    return state, (released,)


def finalise(state: TurnState) -> Step:
    return replace(state, utterance=state.utterance + 1), (do.Finalise(state.utterance),)


def set_timer(state: TurnState, delay_s: float) -> Step:
    serial = state.timer + 1
    return replace(state, timer=serial), (do.SetTimer(serial, max(0.0, delay_s)),)


def awaited(state: TurnState, at: float, policy: Policy) -> Speech | None:
    """What was forgotten and may yet have words."""
    speech = state.wordless
    return speech if speech and at - speech.ended_at <= policy.late_words_s else None


def record_spoken(turn: int, speech: Speech) -> do.RecordTurn:
    return do.RecordTurn(turn, speech.said, "spoken", speech.began_at, speech.ended_at)


def grown(state: TurnState, event: on.TranscriptGrew) -> Speech:
    """The speech in progress with what the ear now says of one of its utterances."""
    speech = state.speech
    assert speech is not None
    if event.utterance < speech.first_utterance:
        return speech
    before = speech.said
    is_echo, text = event.is_echo, event.text
    if is_echo and speech.settled and not speech.is_echo:
        is_echo, text = False, ""  # what they said before it stays theirs
    speech = speech.with_piece(text, is_final=event.is_final)
    speech = replace(speech, turn_over=event.turn_over, interim_of=event.utterance)
    is_asked = event.is_final and event.utterance == state.utterance - 1
    is_last = speech.is_paused and (is_asked or event.turn_over is True)
    if speech.said != before:
        return replace(speech, is_echo=is_echo, is_final=is_last)
    return replace(speech, is_final=is_last or speech.is_final)
