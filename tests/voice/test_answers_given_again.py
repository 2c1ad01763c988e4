"""An answer that was given before, in whole sessions: kept, heard again, contradicted, purged."""

import asyncio
from collections.abc import Iterator

import pytest
from channels.db import database_sync_to_async

from conversations import cache, embeddings, services
from conversations.models import CachedAudio, CachedReply, Memory, Turn, User
from tests.voice.calls import Caller, House, house
from tests.voice.scripted import ScriptedEar, ScriptedModel, ScriptedVoice
from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import ToolCall
from voice.store import Person

QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris. It lies on the Seine."


@pytest.fixture(scope="module", autouse=True)
def model_of_meaning() -> Iterator[None]:
    embeddings.warm_up()
    yield
    embeddings.unload()


def answering(*answers: str, **parts) -> dict:
    return {"model": ScriptedModel([[answer] for answer in answers]), **parts}


async def ask(here: House, person: Person, *questions: str, plays: bool = True) -> Caller:
    """In a conversation of their own, to its end where it `plays`."""
    caller = await Caller().join(here.switchboard, person)
    for number, question in enumerate(questions, 1):
        await caller.say("text", text=question)
        await caller.until("reply_started", reply=number)
        if plays:
            await caller.play(number)
    if plays:
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
    return caller


@database_sync_to_async
def entries() -> list[CachedReply]:
    return list(CachedReply.objects.order_by("pk"))


@database_sync_to_async
def sounds() -> int:
    return CachedAudio.objects.count()


async def test_the_same_question_is_answered_with_the_same_words_and_sound(alice, bob):
    async with house(**answering(ANSWER)) as here:
        first = await ask(here, alice, QUESTION)
        again = await ask(here, bob, "what's the capital of france")

        assert len(here.model.prompts) == 1
        assert len(here.voice.said) == 2
        assert [m["source"] for m in first.of("reply_started")] == ["model"]
        assert [m["source"] for m in again.of("reply_started")] == ["cache"]
        assert again.of("reply_ended")[0]["heard_text"] == ANSWER
        assert sound_of(again) == sound_of(first)
        metrics = again.of("turn_metrics")[0]
        assert metrics["cache_hit"] is True
        assert metrics["providers"] == {"llm": "cache", "tts": "cache"}
        assert first.of("turn_metrics")[0]["cache_hit"] is False
    [entry] = await entries()
    assert (entry.hits, entry.user_id) == (1, None)


def sound_of(caller: Caller, reply: int = 1) -> bytes:
    return b"".join(pcm for number, _, pcm in caller.audio if number == reply)


async def test_captions_of_a_repeated_answer_follow_its_sound(alice, bob):
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
        again = await ask(here, bob, QUESTION)

        shown = [m["text"] for m in again.of("transcript_update") if m["role"] == "assistant"]
        assert len(set(shown)) > 1
        assert shown[-1] == ANSWER
        assert all(ANSWER.startswith(text) for text in shown)


async def test_without_its_sound_it_is_voiced_and_the_sound_is_kept(alice, bob):
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
        await database_sync_to_async(CachedAudio.objects.all().delete)()

        again = await ask(here, bob, QUESTION)

        assert again.of("reply_started")[0]["source"] == "cache"
        assert len(here.voice.said) == 4
        assert again.of("turn_metrics")[0]["providers"] == {"llm": "cache", "tts": "scripted"}
    assert await sounds() == 1


async def test_a_spoken_question_is_looked_up_while_the_pause_is_waited_out(alice, bob):
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
    async with house(ear=ScriptedEar([QUESTION])) as here:
        caller = await Caller().join(here.switchboard, bob)
        await caller.speak(1.6)
        await caller.speak(0.6, loud=False)

        await caller.play(1)

        assert caller.of("reply_started")[0]["source"] == "cache"
        metrics = caller.of("turn_metrics")[0]
        assert (metrics["adopted"], metrics["cache_hit"]) == (True, True)
        assert here.model.prompts == []


async def test_what_is_interrupted_is_not_kept(alice):
    async with house(**answering(ANSWER), voice=ScriptedVoice(character_s=0.2)) as here:
        caller = await ask(here, alice, QUESTION, plays=False)
        await caller.say("interrupt")
        await caller.until("reply_ended", reply=1)
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)

    assert await entries() == []


async def test_what_another_model_had_to_go_on_with_is_not_kept(alice):
    gone = ProviderUnavailable("scripted", "broke off")
    first = ScriptedModel([["The capital of France is Paris. ", "It lie", gone]])
    second = ScriptedModel([["It lies on the Seine."]], name="second")
    async with house(model=first, second_model=second) as here:
        caller = await ask(here, alice, QUESTION)

        assert caller.of("reply_ended")[0]["heard_text"] == ANSWER
    assert await entries() == []


async def test_an_answer_that_used_a_tool_is_not_kept(alice):
    call = ToolCall("1", "recall", {"query": "France"})
    async with house(model=ScriptedModel([[call], [ANSWER]])) as here:
        await ask(here, alice, QUESTION)

    assert await entries() == []


async def test_an_answer_that_memory_stood_behind_is_not_kept_and_none_is_given_instead(alice, bob):
    @database_sync_to_async
    def know(person: Person) -> None:
        services.remember(person.id, "I live in Paris, the capital of France.")

    await know(alice)
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
        assert await entries() == []

        await ask(here, bob, QUESTION)
        assert len(await entries()) == 1
        again = await ask(here, alice, QUESTION)

        assert again.of("reply_started")[0]["source"] == "model"
        assert "I live in Paris" in here.model.prompts[-1].instructions
        assert "I live in Paris" not in here.model.prompts[1].instructions


async def test_without_memory_nothing_of_theirs_is_kept(alice):
    @database_sync_to_async
    def switch_off() -> None:
        User.objects.filter(pk=alice.id).update(memory_on=False)

    await switch_off()
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)

    assert await entries() == []


async def test_what_leans_on_the_conversation_goes_to_the_model(alice):
    answers = (ANSWER, "About two million people live there.", "It was founded long ago.")
    async with house(**answering(*answers)) as here:
        await ask(here, alice, QUESTION, "How many people live there?", "And how old is it?")

        assert len(here.model.prompts) == 3
    assert [entry.question for entry in await entries()] == [QUESTION]


async def test_whoever_says_that_it_was_no_answer_drops_it_and_is_answered_by_the_model(alice, bob):
    wrong = "No, that's not what I asked."
    async with house(**answering(ANSWER, "Sorry. What did you ask?")) as here:
        await ask(here, alice, QUESTION)
        caller = await ask(here, bob, QUESTION, wrong)

        assert [m["source"] for m in caller.of("reply_started")] == ["cache", "model"]
        told = [message.text for message in here.model.prompts[-1].messages]
        assert told == [QUESTION, ANSWER, wrong]
    assert await entries() == []


async def test_what_the_model_said_is_not_dropped_by_contradicting_something_later(alice, bob):
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
        await ask(here, bob, QUESTION, "Why is the sky blue?", "That's wrong.")

    assert QUESTION in [entry.question for entry in await entries()]


async def test_purging_it_while_it_plays_disturbs_nobody(alice, bob):
    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
        caller = await ask(here, bob, QUESTION, plays=False)
        await database_sync_to_async(cache.purge)()

        ended = await caller.play(1)

        assert ended["heard_text"] == ANSWER


async def test_changing_the_agent_ends_it_for_everybody(alice, bob):
    @database_sync_to_async
    def change() -> None:
        agent = CachedReply.objects.get().agent
        services.update_context(agent.pk, by=None, changes={"instructions": "Be kind."})

    async with house(**answering(ANSWER, "It is Paris.")) as here:
        await ask(here, alice, QUESTION)
        caller = await Caller().join(here.switchboard, bob)  # on the old version
        await change()
        await caller.say("text", text=QUESTION)
        ended = await caller.play(1)

        assert ended["heard_text"] == "It is Paris."
        assert caller.of("reply_started")[0]["source"] == "model"


async def test_two_who_ask_the_same_at_once_are_both_answered(alice, bob):
    async with house(**answering(ANSWER, ANSWER)) as here:
        await asyncio.gather(ask(here, alice, QUESTION), ask(here, bob, QUESTION))

    assert len(await entries()) == 1


async def test_after_a_dropped_socket_a_repeated_answer_goes_on_where_it_was(alice, bob):
    long = "The capital of France is Paris. It lies on the river Seine. It is very old indeed."
    async with house(**answering(long), voice=ScriptedVoice(character_s=0.05)) as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text=QUESTION)
        await first.play(1)
        await first.say("end")
        await first.see(lambda: first.closed == 1000)
        caller = await ask(here, bob, QUESTION, plays=False)
        await caller.say("playback", reply=1, played_ms=1800)
        await caller.see_soon(lambda: len(sound_of(caller)) > 2 * 24 * 1800)
        caller.drop()
        back = await Caller().join(here.switchboard, bob, caller.conversation)
        await back.say("playback", reply=1, played_ms=1800)

        ended = await back.play(2)

        started = back.of("reply_started")[0]
        assert (started["source"], started["resumes"]) == ("resumed", 1)
        heard = back.of("reply_ended")[0]["heard_text"]
        assert f"{heard} {ended['heard_text']}" == long
        assert heard
        assert ended["heard_text"]
        assert len(here.model.prompts) == 1


async def test_the_transcript_says_where_it_came_from(alice, bob):
    @database_sync_to_async
    def sources() -> list[str]:
        return list(Turn.objects.filter(role="assistant").values_list("source", flat=True))

    async with house(**answering(ANSWER)) as here:
        await ask(here, alice, QUESTION)
        await ask(here, bob, QUESTION)

    assert await sources() == ["model", "cache"]
    assert not await database_sync_to_async(Memory.objects.exists)()
