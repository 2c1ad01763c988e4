"""What the client is sent of replies: where they begin and end, their sound and their captions.

It hears a reply on behalf of the user (playing.Listener). The reference of the echo canceller is
told the same, since it stands for the user's speaker.
"""

from voice.audio.reference import Reference
from voice.edge import notices
from voice.replying.reply import Reply
from voice.runtime import Runtime
from voice.turns.actions import ReleaseReply
from voice.wire import (
    Duck,
    Interrupted,
    ReplyEnded,
    ReplyStarted,
    TranscriptUpdate,
    Unduck,
)


class Downlink:
    def __init__(self, runtime: Runtime, reference: Reference) -> None:
        self._line = runtime.line
        self._reference = reference
        self.emit = runtime.emit
        self.now = runtime.clock.now

    # --- from its beginning to its end ----------------------------------------------------------
    async def attached(self) -> None:
        await self._line.attached()

    async def started(self, action: ReleaseReply, source: str) -> None:
        await self._line.send(
            ReplyStarted(
                reply=action.reply, turn=action.turn, source=source, resumes=action.resumes
            )
        )

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        self._reference.add(reply, sample, pcm)
        await self._line.send_audio(reply, sample, pcm)

    async def caption(self, reply: Reply) -> None:
        await self._caption(reply, reply.text, is_final=False)

    async def measured(self, reply: Reply) -> None:
        if reply.metrics is not None:
            await self._line.send(reply.metrics)

    async def ended(self, reply: Reply, heard: str, *, interrupted: bool) -> None:
        await self._caption(reply, heard, is_final=True)
        sources = [source.as_dict() for source in reply.making.sources] if reply.making else []
        await self._line.send(
            ReplyEnded(
                reply=reply.number,
                turn=reply.turn,
                interrupted=interrupted,
                heard_text=heard,
                sources=sources or None,
            )
        )

    # --- meanwhile ------------------------------------------------------------------------------
    async def interrupted(self, reply: int) -> None:
        self._reference.interrupt(reply)
        await self._line.send(Interrupted(reply=reply))

    async def duck(self, reply: int) -> None:
        self._reference.duck(reply)
        await self._line.send(Duck(reply=reply))

    async def unduck(self, reply: int) -> None:
        self._reference.unduck()
        await self._line.send(Unduck(reply=reply))

    async def muted(self) -> None:
        """No voice can speak any more."""
        await self._line.send(notices.MUTE)

    async def stalled(self) -> None:
        await self._line.close(notices.FAULT, notices.STALLED)

    async def _caption(self, reply: Reply, text: str, *, is_final: bool) -> None:
        await self._line.send(
            TranscriptUpdate(
                turn=reply.turn,
                reply=reply.number,
                role="assistant",
                text=text,
                is_final=is_final,
            )
        )
