"""Whatever happens in whatever order: nothing raises, and nobody is left waiting for ever."""

import random

import pytest

from tests.voice.turns.floor import POLICY, Floor
from voice.turns import actions as do
from voice.turns import events as on
from voice.turns.machine import step
from voice.turns.state import Phase, TurnState


def any_event(chance: random.Random, state: TurnState) -> on.Event:
    """Any event, with numbers that are current or a little off."""
    off = chance.choice([0, 0, 0, -1, 1])
    at = chance.random() * 100
    attempt = state.attempt + off
    words = chance.choice(["", "yes", "what time is it"])
    return chance.choice(
        [
            on.SpeechStarted(at, at - 0.1, chance.random() < 0.8),
            on.SpeechDipped(at, at - 0.06),
            on.SpeechRose(at),
            on.SpeechStopped(at, at - 0.2),
            on.EndJudged(at, state.speech.ended_at + off if state.speech else at, chance.random()),
            on.TranscriptGrew(at, state.utterance - 1 + off, words, chance.random() < 0.5),
            on.TranscriptGrew(at, state.utterance, words, turn_over=chance.random() < 0.5),
            on.TextTyped(at, "typed"),
            on.TurnCommitted(at),
            on.StopAsked(at),
            on.TimerFired(at, state.timer + off),
            on.ReplyReady(at, attempt),
            on.ReplyOver(at, attempt),
            on.ReplyFailed(at, attempt),
            on.Rejoined(at, state.reply + off),
            on.Began(at, 3, 4, "hello", None),
            on.ContextChanged(at, POLICY),
            on.SayAsked(at, "We close in ten minutes."),
        ]
    )


def walk(seed: int, steps: int) -> tuple[TurnState, list[do.Action]]:
    chance, state, done = random.Random(seed), TurnState(), []
    for _ in range(steps):
        state, actions = step(state, any_event(chance, state), POLICY)
        done.extend(actions)
    return state, done


@pytest.mark.parametrize("seed", range(200))
def test_a_call_can_always_be_hung_up_and_leaves_no_reply_open(seed):
    state, done = walk(seed, 60)

    state, last = step(state, on.HungUp(0.0), POLICY)
    done.extend(last)

    assert state.phase is Phase.ENDED
    assert state.open_reply is None
    beginnings = do.StartReply | do.Speculate | do.Say | do.ResumeReply
    started = {a.attempt for a in done if isinstance(a, beginnings)}
    assert started >= {a.attempt for a in done if isinstance(a, do.ReleaseReply)}


@pytest.mark.parametrize("seed", range(200))
def test_from_anywhere_something_leads_back_to_listening(seed):
    state, _ = walk(seed, 60)
    floor = Floor(state)

    for _ in range(6):
        if floor.phase is Phase.LISTENING:
            break
        floor.pause()
        floor.tell(on.ReplyFailed(0.0, floor.state.attempt))
        floor.over()
        floor.wait()
        floor.wait()

    assert floor.phase is Phase.LISTENING


@pytest.mark.parametrize("seed", range(200))
def test_state_and_phase_agree(seed):
    chance, state = random.Random(seed), TurnState()

    for _ in range(60):
        state, _ = step(state, any_event(chance, state), POLICY)

        assert (state.open_reply is not None) == (state.phase in (Phase.THINKING, Phase.SPEAKING))
        if state.phase in (Phase.HEARING, Phase.ENDPOINTING):
            assert state.speech is not None
        else:
            assert state.speculation is None
        assert not state.is_ducked or state.phase is Phase.SPEAKING


@pytest.mark.parametrize("seed", range(200))
def test_each_answer_begun_on_suspicion_is_adopted_or_dropped_once(seed):
    state, done = walk(seed, 60)
    _, last = step(state, on.HungUp(0.0), POLICY)
    done.extend(last)

    for attempt in (a.attempt for a in done if isinstance(a, do.Speculate)):
        ends = [
            a
            for a in done
            if isinstance(a, do.DropReply | do.InterruptReply | do.CloseReply | do.ResumeReply)
            and (a.attempt if not isinstance(a, do.ResumeReply) else a.attempt - 1) == attempt
        ]
        assert len(ends) >= 1


@pytest.mark.parametrize("seed", range(200))
def test_reply_numbers_rise_and_are_given_once(seed):
    _, done = walk(seed, 60)
    numbers = [action.reply for action in done if isinstance(action, do.ReleaseReply)]

    assert numbers == sorted(set(numbers))
