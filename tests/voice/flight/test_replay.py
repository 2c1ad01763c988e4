"""`manage.py replay`: the same decisions, other ones, and records that cannot be read."""

import json
from dataclasses import fields
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from voice.flight.coding import encode
from voice.flight.record import Entry, Header, line_of
from voice.turns import events as on
from voice.turns.endpointing import Endpointing
from voice.turns.machine import step
from voice.turns.policy import Policy
from voice.turns.state import TurnState

EVEN = {field.name: 0.5 for field in fields(Endpointing) if field.name.endswith("_s")}
POLICY = Policy(Endpointing(**EVEN))
"""Whatever was said, half a second of silence ends the turn."""
EVENTS = (
    on.Began(100.0),
    on.SpeechStarted(101.0, 100.9),
    on.SpeechStopped(102.0, 101.8),
    on.TranscriptGrew(102.2, 1, "what time is it", is_final=True),
    on.TimerFired(102.4, 2),
    on.ReplyReady(102.9, 1),
    on.StopAsked(103.5),
)


def flown() -> list[Entry]:
    """These events, and what the machine decides today."""
    state, entries = TurnState(), []
    for event in EVENTS:
        state, actions = step(state, event, POLICY)
        entries.append(Entry(event, actions))
    return entries


def replayed(tmp_path, entries, *options, more=""):
    """What the command prints of a record of these entries."""
    file, out = tmp_path / "flight.jsonl", StringIO()
    header = Header("the-conversation", "the-session", "2026-01-01T00:00:00+00:00", POLICY)
    lines = [json.dumps(encode(header)), *map(line_of, entries)]
    file.write_text("\n".join(lines) + "\n" + more)
    try:
        call_command("replay", str(file), *options, stdout=out, no_color=True)
    except CommandError as error:
        return out.getvalue(), error.returncode, str(error)
    return out.getvalue(), 0, ""


def without_the_actions_of(entries, place):
    return [*entries[:place], Entry(entries[place].event, ()), *entries[place + 1 :]]


def test_a_record_of_today_is_decided_the_same(tmp_path):
    shown, code, _ = replayed(tmp_path, flown())

    assert code == 0
    assert "7 events, decided as recorded." in shown
    assert "the-conversation" in shown


def test_a_difference_is_shown_with_what_led_to_it(tmp_path):
    other = without_the_actions_of(without_the_actions_of(flown(), 6), 2)

    shown, code, summary = replayed(tmp_path, other)

    assert code == 1
    assert summary == "2 of 7 events are decided differently, the first on line 4."
    assert "SpeechStarted" in shown
    assert "recorded  → nothing" in shown
    assert "today  → Finalise utterance=1" in shown
    assert "TimerFired" not in shown


def test_verbose_prints_everything_with_relative_times(tmp_path):
    shown, _, _ = replayed(tmp_path, flown(), "--verbose")

    assert "    4     2.000  SpeechStopped ended_at=1.8 " in shown
    assert "StopAsked" in shown
    assert "→ InterruptReply" in shown


def test_an_unknown_event_is_named_with_its_line(tmp_path):
    gone = json.dumps({"event": {"is": "Sneezed", "at": 1.0}, "actions": []}) + "\n"

    _, code, message = replayed(tmp_path, flown(), more=gone)

    assert code == 2
    assert "line 9: there is no 'Sneezed' any more" in message


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="No such file") as refused:
        call_command("replay", str(tmp_path / "none"))

    assert refused.value.returncode == 2
