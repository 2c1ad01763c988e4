"""Answering a turn before it is known to be over. Pure.

What is begun on suspicion is adopted when the turn turns out to have just these words, and is
dropped otherwise; nobody hears of it.
"""

from dataclasses import replace

from voice.text.words import same_words, words_of
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.evidence import Evidence
from voice.turns.policy import Policy
from voice.turns.state import OpenReply, Speculation, Speech, TurnState
from voice.turns.steps import THINKING, Step, answer, forget_speculation


def pause_s(state: TurnState, speech: Speech, policy: Policy) -> float:
    """How much silence ends the turn in the making, if these words are all."""
    return policy.endpointing.pause(_evidence(state, speech, policy))


def _evidence(state: TurnState, speech: Speech, policy: Policy) -> Evidence:
    return Evidence(
        speech.said, policy.language, state.habit, speech.ends_probability, speech.turn_over
    )


def speculate(state: TurnState, policy: Policy) -> Step:
    """Answer what was said so far, if that may be all and is not being answered already."""
    speech = state.speech
    if speech is None or not _is_worth_it(state, speech, policy):
        return state, ()
    state, dropped = forget_speculation(state)
    attempt = state.attempt + 1
    state = replace(
        state,
        attempt=attempt,
        speculated=state.speculated + 1,
        speculation=Speculation(attempt, speech.said),
    )
    return state, (*dropped, do.Speculate(attempt, state.turn + 1, speech.said))


def _is_worth_it(state: TurnState, speech: Speech, policy: Policy) -> bool:
    """The last try is kept for a pause: dips are many, and most of them end no turn."""
    left = policy.speculations_max - state.speculated
    if not speech.said or speech.is_echo or left <= 0 or (left == 1 and not speech.is_paused):
        return False
    if state.speculation and same_words(state.speculation.text, speech.said):
        return False
    # An ear that judges turns says that this one goes on until it says that it is over.
    evidence = replace(_evidence(state, speech, policy), turn_over=None)
    expected_s = policy.endpointing.pause(evidence)
    if speech.is_silent:
        return expected_s <= policy.speculation_pause_s
    # The ear tells a word when it has been over for a while, and so may the voice be.
    is_clause = len(words_of(speech.said)) >= policy.clause_words_min
    return is_clause and expected_s <= policy.clause_pause_s


def resolve(state: TurnState, speech: Speech, pause_s: float) -> Step:
    """The turn is taken, and has its number: adopt what answers it already, or answer it now."""
    speculation = state.speculation
    if speculation is None or not same_words(speculation.text, speech.said):
        state, dropped = forget_speculation(state)
        state, started = answer(state, speech, pause_s=pause_s)
        return state, (*dropped, *started)
    reply = OpenReply(speculation.attempt, "model", answers=speech)
    state = replace(state, phase=THINKING, open_reply=reply, speculation=None)
    return state, (do.AdoptReply(speculation.attempt, state.turn, pause_s),)


def lose(state: TurnState, event: on.ReplyOver | on.ReplyFailed, policy: Policy) -> Step:
    """It came to nothing; once the turn is known, it is answered as if there had been none."""
    if state.speculation is None or state.speculation.attempt != event.attempt:
        return state, ()
    return forget_speculation(state)
