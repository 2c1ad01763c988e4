"""Two users who talk at the same time in one process, to a mind that repeats all it is told."""

import asyncio
import re
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field, replace

import pytest
from channels.db import database_sync_to_async

from conversations import embeddings
from conversations.memory import passages
from conversations.models import CachedReply
from tests.voice.calls import Caller, House, house
from voice.providers.protocols import Prompt, ToolCall
from voice.store import Person

MARK = re.compile(r"q(alice|bob)q")
ZONES = {"Europe/Berlin": "alice", "Asia/Tokyo": "bob"}
"""Whose prompt it is can be told by its time zone alone."""
OF_ANYBODY = ("What is the capital of France?", "Why is the sky blue?")


@pytest.fixture(scope="module", autouse=True)
def model_of_meaning() -> Iterator[None]:
    embeddings.warm_up()
    yield
    embeddings.unload()


@dataclass
class Gossip:
    """Remembers what it is asked to, and otherwise says every mark in its prompt."""

    name: str = "scripted"
    prompts: list[Prompt] = field(default_factory=list)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        self.prompts.append(prompt)
        last = prompt.messages[-1]
        await asyncio.sleep(0)
        if last.role == "user" and last.text.startswith("Remember"):
            yield ToolCall(f"call-{len(self.prompts)}", "remember", {"fact": last.text[9:]})
        else:
            marks = {f"q{name}q" for name in MARK.findall(everything_in(prompt))}
            yield f"It is {' and '.join(sorted(marks)) or 'nothing'}."


def everything_in(prompt: Prompt) -> str:
    calls = [call.arguments for message in prompt.messages for call in message.calls]
    return " ".join([prompt.instructions, *(m.text for m in prompt.messages), str(calls)])


def owner_of(prompt: Prompt) -> str:
    return ZONES[prompt.time_zone]


def of(person: Person) -> Person:
    zone = next(zone for zone, name in ZONES.items() if name == person.name)
    return replace(person, time_zone=zone)


async def talk(here: House, person: Person, *texts: str) -> Caller:
    """A conversation of their own, to its end."""
    caller = await Caller().join(here.switchboard, person)
    for number, text in enumerate(texts, 1):
        await caller.say("text", text=text)
        await caller.until("reply_started", reply=number)
        await caller.play(number)
    await caller.say("end")
    await caller.see(lambda: caller.closed == 1000)
    return caller


@database_sync_to_async
def embed_what_was_said() -> None:
    passages.embed(list(passages.lacking().values_list("pk", flat=True)))


@database_sync_to_async
def shared_answers() -> list[str]:
    return list(CachedReply.objects.filter(user=None).values_list("answer", flat=True))


def texts_of(name: str) -> tuple[str, ...]:
    mark = f"q{name}q"
    stated = (f"Remember my dog is called {mark}.", f"I live in {mark}.")
    return (*OF_ANYBODY[:1], *stated, *OF_ANYBODY, "What is my dog called?", "Where do I live?")


async def test_no_mind_is_told_and_nobody_hears_what_is_anothers(
    alice: Person, bob: Person
) -> None:
    alice, bob = of(alice), of(bob)
    mind = Gossip()
    async with house(model=mind) as here:
        callers = []
        for _ in range(2):
            both = (talk(here, alice, *texts_of("alice")), talk(here, bob, *texts_of("bob")))
            callers.append(await asyncio.gather(*both))
            await embed_what_was_said()

    for prompt in mind.prompts:
        assert set(MARK.findall(everything_in(prompt))) <= {owner_of(prompt)}
    for hers, his in callers:
        assert heard_of(hers) == {"alice"}
        assert heard_of(his) == {"bob"}
    assert not any(MARK.search(answer) for answer in await shared_answers())
    recalled = [owner_of(prompt) for prompt in mind.prompts if MARK.search(prompt.instructions)]
    assert set(recalled) == {"alice", "bob"}


def heard_of(caller: Caller) -> set[str]:
    return set(MARK.findall(" ".join(m["heard_text"] for m in caller.of("reply_ended"))))
