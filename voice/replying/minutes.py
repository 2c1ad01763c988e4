"""Keeps what was said, for the model and in the transcript: of replies, no more than was heard."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from voice import store
from voice.history import History
from voice.providers.protocols import ToolCall
from voice.recorder import Recorder
from voice.replying.reply import Reply
from voice.store import Opened
from voice.turns.actions import RecordTurn
from voice.wire import AudioMetrics

SOURCES_MAX = 10
"""Of one reply; nobody looks at more."""


class Minutes:
    def __init__(
        self,
        opened: Opened,
        *,
        recorder: Recorder,
        wall: Callable[[float], datetime],
        measures: Callable[[Reply], Mapping[str, Any]],
    ) -> None:
        """wall: the time of day at a moment of the session's clock. measures: what is kept of how a
        reply came about."""
        self.history = History.of(opened)
        self._conversation = opened.conversation
        self._recorder = recorder
        self._wall = wall
        self._measures = measures

    def turn(self, action: RecordTurn, quality: AudioMetrics | None) -> None:
        """The user's, perhaps again and longer. quality: how its sound was."""
        self.history.user(action.turn, action.text)
        self._recorder.put(
            partial(
                store.record_user_turn,
                self._conversation,
                action.turn,
                text=action.text,
                source=action.source,
                started_at=self._wall(action.began_at),
                ended_at=self._wall(action.ended_at),
                metrics=quality.as_dict() if quality else {},
            )
        )

    def cut(self, reply: Reply) -> None:
        """It was interrupted: what was heard is known roughly, and the model may be asked soon."""
        self.history.assistant(reply.number, reply.heard(), turn=reply.turn)

    def called(self, turn: int, call: ToolCall, result: str) -> None:
        """A tool gave this to a reply to that turn, perhaps after its end."""
        self.history.tool(turn, call, result)

    def conclude(self, reply: Reply, heard: str, *, interrupted: bool, at: float) -> None:
        """It is over, and this is what was heard of it."""
        sources = reply.making.sources if reply.making else []
        self.history.assistant(reply.number, heard, turn=reply.turn)
        self._recorder.put(
            partial(
                store.record_reply,
                self._conversation,
                reply.turn,
                reply=reply.number,
                text=heard,
                source=reply.source,
                interrupted=interrupted,
                started_at=self._wall(reply.started_at),
                ended_at=self._wall(at),
                metrics=self._measures(reply),
                sources=[source.as_dict() for source in sources[:SOURCES_MAX]],
            )
        )

    def measured(self, reply: Reply) -> None:
        """Its metrics came after its end."""
        metrics = self._measures(reply)
        self._recorder.put(partial(store.record_metrics, self._conversation, reply.number, metrics))
