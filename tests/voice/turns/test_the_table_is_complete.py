from voice.turns import events as on
from voice.turns.machine import IGNORED, TRANSITIONS
from voice.turns.state import Phase

CLASSES = [kind for kind in vars(on).values() if isinstance(kind, type)]
EVENTS = [kind for kind in CLASSES if issubclass(kind, on.Event) and kind is not on.Event]


def test_every_phase_says_what_every_event_does():
    pairs = {(phase, event) for phase in Phase for event in EVENTS}

    assert TRANSITIONS.keys() | IGNORED.keys() == pairs


def test_no_event_is_both_used_and_ignored():
    assert not TRANSITIONS.keys() & IGNORED.keys()


def test_everything_ignored_says_why():
    assert all(len(reason) > 10 for reason in IGNORED.values())
