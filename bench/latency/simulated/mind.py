"""Chat completions with a profile's timing, and the count of what was asked of the model."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bench.latency.profiles import Profile
from bench.latency.simulated.marks import Mark, Marks
from tests.simulators.chat import DONE, chunk
from tests.simulators.http import Answer, Asked, HttpSimulator

REPLY = (
    "There are three of them, one for each day. The first begins at ten in the morning, and the "
    "others follow after lunch, so that nobody has to hurry. If you want to see all of them then "
    "come early, because the rooms are small and they fill quickly. There is coffee in the hall "
    "between the sessions, and the people who speak are happy to answer questions there."
)
SHORT = 9
"""Words: the first sentence."""
CHARACTERS_PER_TOKEN = 4


@dataclass(slots=True)
class Asking:
    """Since it was last reset."""

    requests: int = 0
    prompt_tokens: int = 0
    """About: by characters, those of the tools included."""
    completion_tokens: int = 0
    """Words that were sent before the other side hung up, if it did."""


class TimedMind(HttpSimulator):
    def __init__(self, profile: Profile, marks: Marks) -> None:
        super().__init__()
        self._marks = marks
        self.words = SHORT
        """Of the replies from now on."""
        self.asking = Asking()
        self._profile = profile

    async def answer(self, asked: Asked) -> Answer:
        self.asked.clear()  # nobody looks, and a long run would keep them all
        request = asked.json
        said = [str(entry.get("content") or "") for entry in request["messages"]]
        characters = sum(map(len, said)) + len(json.dumps(request.get("tools", "")))
        self.asking.requests += 1
        self._marks.set(Mark.ASKED)
        self.asking.prompt_tokens += characters // CHARACTERS_PER_TOKEN
        return Answer(self._events(asyncio.get_running_loop().time()))

    async def _events(self, asked_at: float) -> AsyncIterator[bytes]:
        is_first = True
        async for word in tokens(self._profile, self.words, asked_at):
            if is_first:
                self._marks.set(Mark.TOKEN)
            is_first = False
            self.asking.completion_tokens += 1
            yield _event(chunk(word))
        yield _event(chunk(finish="stop"))
        yield f"data: {DONE}\n\n".encode()


async def tokens(profile: Profile, words: int, asked_at: float) -> AsyncIterator[str]:
    """The first words of REPLY, each when it is there."""
    for index, word in enumerate(REPLY.split()[:words]):
        await until(asked_at + profile.first_token_s + index * profile.token_s)
        yield f" {word}" if index else word


async def until(at: float) -> None:
    """Sleep until then by the loop's clock, not at all if it is past."""
    left_s = at - asyncio.get_running_loop().time()
    if left_s > 0:
        await asyncio.sleep(left_s)


def _event(event: dict[str, object]) -> bytes:
    return f"data: {json.dumps(event)}\n\n".encode()
