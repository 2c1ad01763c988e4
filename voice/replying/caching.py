"""What becomes of a session's answers in the cache: kept, heard again, dropped. All of it is
written off the voice path, after the reply itself.
"""

from functools import partial

from voice import store
from voice.plan import Plan
from voice.providers.absent import AbsentVoice
from voice.providers.protocols import OUTPUT_HZ
from voice.recorder import Recorder
from voice.replying.making import REPEATED, Making
from voice.replying.reply import Reply
from voice.text.contradiction import contradicts


class Caching:
    def __init__(self, plan: Plan, recorder: Recorder) -> None:
        self._plan = plan
        self._recorder = recorder
        self._repeated: int | None = None
        """The entry that the last reply came from."""

    def released(self, reply: Reply) -> None:
        """It is about to be heard."""
        repeats = reply.making.repeats if reply.making else None
        self._repeated = repeats.entry if repeats else None
        if repeats is not None and reply.source == REPEATED:
            self._recorder.offer(partial(store.count_hit, repeats.entry))

    def asked(self, text: str) -> None:
        """The user said this. Where it says that the last reply was no answer, that is dropped."""
        if self._repeated is not None and contradicts(text):
            self._recorder.put(partial(store.drop_answer, self._repeated))
            self._repeated = None

    def concluded(self, reply: Reply, heard: str, *, interrupted: bool) -> None:
        """It is over and recorded, and this was heard of it."""
        making, tape = reply.making, reply.voicing.tape
        reply.voicing.tape = reply.voicing.recording = None
        if making is not None:
            making.release_sound()
        if making is None or tape is None:
            return
        trouble = _trouble(reply, making, heard, interrupted=interrupted)
        voice = next(iter(making.voices), AbsentVoice.name)
        key = store.voice_key(making.context.agent, voice)
        spoken = None if voice == AbsentVoice.name else tape.spoken(key, reply.sentences)
        if making.repeats is None:
            self._keep(reply, making, trouble, spoken)
        elif spoken is not None and not trouble:
            self._recorder.offer(partial(store.keep_audio, making.repeats.entry, spoken))

    def _keep(
        self, reply: Reply, making: Making, trouble: str, spoken: store.Spoken | None
    ) -> None:
        agent, models = making.context.agent, making.context.models
        if trouble or making.used or making.models != {models.first}:
            return
        given = store.Given(
            question=making.question,
            answer=" ".join(reply.sentences),
            language=agent.language,
            earlier=making.earlier,
            said_before=making.said_before,
            person=self._plan.person.name,
            audio_s=reply.playhead.sent / OUTPUT_HZ,
            reply_tokens_max=agent.reply_tokens_max,
        )
        self._recorder.offer(
            partial(
                store.keep_answer,
                self._plan.person,
                self._plan.opened.conversation,
                agent,
                given,
                reply=reply.number,
                family=models.family,
                vector=making.found.vector,
                spoken=spoken,
            )
        )


def _trouble(reply: Reply, making: Making, heard: str, *, interrupted: bool) -> str:
    """Why it is not whole; "" where it is."""
    if interrupted:
        return "interrupted"
    if reply.error is not None:
        return "broke off"
    if not reply.script.is_read or heard.split() != " ".join(reply.sentences).split():
        return "not heard"
    if len(making.models) > 1 or len(making.voices - {REPEATED}) > 1:
        return "failed over"
    return ""
