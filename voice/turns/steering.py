"""What operators do to a conversation: its context changes, or they have something said. Pure."""

from dataclasses import replace

from voice.turns import events as on
from voice.turns.hearing import consider, resume_turn
from voice.turns.policy import Policy
from voice.turns.state import TurnState
from voice.turns.steps import Step, forget_speculation, rest, silence

SAYINGS_MAX = 8
"""Waiting to be said; whoever has more to say goes too fast for anybody to listen."""


def doubt(state: TurnState, _: on.ContextChanged, __: Policy) -> Step:
    """What was begun on suspicion answers as the agent was."""
    return forget_speculation(state)


def doubt_again(state: TurnState, event: on.ContextChanged, policy: Policy) -> Step:
    """The same in a pause, whose end is weighed anew: there may be another patience now."""
    state, dropped = forget_speculation(state)
    state, decided = consider(state, event.at, policy)
    return state, (*dropped, *decided)


def say(state: TurnState, event: on.SayAsked, _: Policy) -> Step:
    """Nobody has the floor."""
    return rest(_waiting(state, event.text))


def say_later(state: TurnState, event: on.SayAsked, _: Policy) -> Step:
    """The user speaks or waits for an answer: after that."""
    return _waiting(state, event.text), ()


def say_instead(state: TurnState, event: on.SayAsked, policy: Policy) -> Step:
    """The assistant is being heard: it stops for this, unless somebody speaks over it. What another
    operator has said is heard to its end."""
    state = _waiting(state, event.text)
    is_operators = state.open_reply is not None and state.open_reply.source == "operator"
    if is_operators or (state.speech is not None and not state.speech.has_passed):
        return state, ()
    state, silenced = silence(replace(state, speech=None))
    state, then = resume_turn(state, event.at, policy)
    return state, (*silenced, *then)


def _waiting(state: TurnState, text: str) -> TurnState:
    return replace(state, sayings=(*state.sayings, text)[:SAYINGS_MAX])
