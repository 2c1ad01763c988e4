"""What a call looked like from the client's end, with the moment of everything."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.scenarios.logbook import Logbook
from tests.scenarios.rows import Rows
from tests.scenarios.timeline import Timeline

Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sound:
    """One frame of reply audio."""

    reply: int
    sample: int
    samples: int


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that came through a socket."""

    at: float
    """When the client had it."""
    socket: int
    """Which of its sockets, counting from 0."""
    what: Message | Sound


@dataclass
class Seen:
    timeline: Timeline
    rows: Rows
    """What is stored."""
    asked: list[tuple[float, str]] = field(default_factory=list)
    """When the model was asked, and what the user had said last."""
    instructed: list[tuple[float, str]] = field(default_factory=list)
    """When the model was asked for a reply, and its instructions."""
    acks: list[int] = field(default_factory=list)
    """Versions of the agent that sessions say they go by."""
    voiced: list[tuple[float, str]] = field(default_factory=list)
    """When the voice was given which sentence."""
    logbooks: list[Logbook] = field(default_factory=list)
    """Of each session: a conversation has another one when it is joined after the first is over."""
    lines: list[Line] = field(default_factory=list)
    """In order."""
    done: list[tuple[float, object]] = field(default_factory=list)
    """What the user did."""
    played: dict[int, int] = field(default_factory=dict)
    """Samples of each reply that were audible."""
    doubled_s: float = 0.0
    """How long two replies were audible at once."""
    closes: list[tuple[float, int]] = field(default_factory=list)
    """(when, close code) of each socket that the server closed."""
    at_rest: list[tuple[str, str]] = field(default_factory=list)
    """Before the user hung up: (phase that the server was in, phase that it showed)."""
    tasks_at_rest: Counter[str] = field(default_factory=Counter)
    """What was running then, by the name of its coroutine."""
    hung_up_at: float = 0.0
    mistakes: list[str] = field(default_factory=list)
    """Exceptions that our own code had to log, and what the event loop complained of."""
    left: list[str] = field(default_factory=list)
    """Tasks and timers that were still there when the call was over."""

    def of(self, kind: str, **fields: Any) -> list[Message]:
        """Messages of this type with these fields."""
        return [message for _, message in self.timed(kind, **fields)]

    def times(self, kind: str, **fields: Any) -> list[float]:
        """When they came, to the millisecond."""
        return [round(at, 3) for at, _ in self.timed(kind, **fields)]

    def timed(self, kind: str, **fields: Any) -> list[tuple[float, Message]]:
        """Both."""
        return [
            (line.at, line.what)
            for line in self.lines
            if isinstance(line.what, dict)
            and line.what["type"] == kind
            and fields.items() <= line.what.items()
        ]

    def turns(self) -> list[tuple[float, str]]:
        """When the user's turns were taken, and what they said."""
        taken = self.timed("transcript_update", role="user", is_final=True)
        return [(round(at, 3), message["text"]) for at, message in taken if message["text"]]

    def heard(self) -> list[tuple[str, bool]]:
        """What was heard of each reply, and whether it was interrupted."""
        return [(m["heard_text"], m["interrupted"]) for m in self.of("reply_ended")]

    def shown(self) -> str:
        """The state that the page shows last."""
        return str(self.of("state_change")[-1]["state"])

    def audio(self, reply: int) -> list[tuple[float, Sound]]:
        return [
            (line.at, line.what)
            for line in self.lines
            if isinstance(line.what, Sound) and line.what.reply == reply
        ]

    def report(self) -> str:
        """What to look at when something went wrong: the plan, the dialogue, and flight records
        for `manage.py replay`."""
        records = [line for logbook in self.logbooks for line in logbook.lines()]
        return "\n".join([str(self.timeline), *self.told(), *records])

    def told(self) -> list[str]:
        """The conversation at a glance: what was said, and what became of it."""
        shown = []
        for line in self.lines:
            match line.what:
                case {"type": "transcript_update", "role": "user", "is_final": True, "text": text}:
                    shown.append(f"user: {text}")
                case {"type": "reply_ended", "heard_text": text, "interrupted": cut}:
                    shown.append(f"assistant: {text}{' …' if cut else ''}")
                case {"type": "notice", "code": code}:
                    shown.append(f"notice: {code}")
        return shown
