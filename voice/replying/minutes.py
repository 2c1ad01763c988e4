"""Keeps what was heard of the replies, and no more: for the model, and in the transcript."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from voice import store
from voice.history import History
from voice.recorder import Recorder
from voice.replying.reply import Reply


class Minutes:
    def __init__(
        self,
        conversation: UUID,
        *,
        history: History,
        recorder: Recorder,
        wall: Callable[[float], datetime],
    ) -> None:
        """wall: the time of day at a moment of the session's clock."""
        self._conversation = conversation
        self._history = history
        self._recorder = recorder
        self._wall = wall

    def cut(self, reply: Reply) -> None:
        """It was interrupted: what was heard is known roughly, and the model may be asked soon."""
        self._history.assistant(reply.number, reply.heard())

    def conclude(self, reply: Reply, heard: str, *, interrupted: bool, at: float) -> None:
        """It is over, and this is what was heard of it."""
        self._history.assistant(reply.number, heard)
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
                metrics=reply.metrics.as_dict() if reply.metrics else {},
            )
        )

    def measured(self, reply: Reply) -> None:
        """Its metrics came after its end."""
        if reply.metrics is not None:
            metrics = reply.metrics.as_dict()
            write = partial(store.record_metrics, self._conversation, reply.number, metrics)
            self._recorder.put(write)
