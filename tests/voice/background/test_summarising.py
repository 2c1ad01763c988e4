"""The rolling summary of a long conversation."""

from typing import Any

import pytest

from conversations import services, summaries
from conversations.account import erasure
from conversations.models import Agent, Conversation
from conversations.summaries import SUMMARY_CHARS
from tests.voice.background.models import chains_of, do_jobs, talked
from tests.voice.scripted import ScriptedModel
from voice.background.summarising import bounded, summarise_with
from voice.background.threads import run
from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.store import Person

KEPT = 3
SEVEN = [(f"Question {n}.", f"Answer {n}.") for n in range(1, 8)]


@pytest.fixture(autouse=True)
def _three_turns_are_kept(transactional_db: None) -> None:
    Agent.objects.update(turns_kept=KEPT)


def model(*answers: str | Exception) -> ScriptedModel:
    return ScriptedModel([[answer] for answer in answers])


def summary_of(conversation: Any) -> tuple[str, int]:
    row = Conversation.objects.get(pk=conversation)
    return row.summary, row.summarised_to


def shown(scripted: ScriptedModel) -> str:
    return scripted.prompts[-1].messages[0].text


async def test_all_but_the_turns_that_are_kept_is_summed_up(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN, ended=False)
    scripted = model("They asked  four\nquestions. ")

    await summarise_with(chains_of(scripted), conversation)

    assert await run(summary_of, conversation) == ("They asked four questions.", 4)
    assert "Question 1." in shown(scripted)
    assert "Answer 4." in shown(scripted)
    assert "Question 5." not in shown(scripted)


async def test_what_was_said_since_is_added_to_it(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN, ended=False)
    await summarise_with(chains_of(model("Of four.")), conversation)
    await run(Agent.objects.update, turns_kept=1)
    scripted = model("Of six.")

    await summarise_with(chains_of(scripted), conversation)

    assert await run(summary_of, conversation) == ("Of six.", 6)
    assert '{"text": "Of four."}' in shown(scripted)
    assert "Question 4." not in shown(scripted)
    assert "Question 6." in shown(scripted)


async def test_nothing_is_summed_up_twice(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)
    scripted = model("Of four.")

    await summarise_with(chains_of(scripted), conversation)
    await summarise_with(chains_of(scripted), conversation)

    assert len(scripted.prompts) == 1


async def test_a_long_stretch_is_taken_in_parts(alice: Person) -> None:
    long = "and so on " * 700
    conversation = await run(talked, alice.id, *[(long, "I see.")] * 6)
    scripted = model("One.", "Two.", "Three.")

    await summarise_with(chains_of(scripted), conversation)

    assert await run(summary_of, conversation) == ("Three.", 3)
    assert '{"text": "Two."}' in shown(scripted)


async def test_a_short_conversation_has_none(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN[:KEPT])
    scripted = model("Short.")

    await summarise_with(chains_of(scripted), conversation)

    assert scripted.prompts == []


async def test_without_a_language_model_nothing_happens(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)

    await summarise_with(chains_of(), conversation)

    assert await run(summary_of, conversation) == ("", 0)


async def test_when_all_models_are_down_the_old_one_stays(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)

    with pytest.raises(ProviderError):
        await summarise_with(chains_of(model(ProviderUnavailable("a", "gone"))), conversation)

    assert await run(summary_of, conversation) == ("", 0)


async def test_what_was_forgotten_is_left_out(alice: Person) -> None:
    conversation = await run(talked, alice.id, ("My PIN is 4711.", "I see."), *SEVEN)
    await summarise_with(chains_of(model("The PIN is 4711.")), conversation)

    await run(services.forget, alice.id, "4711")
    assert await run(summary_of, conversation) == ("", 0)
    scripted = model("Of four.")
    await summarise_with(chains_of(scripted), conversation)

    assert "4711" not in shown(scripted)
    assert await run(summary_of, conversation) == ("Of four.", 5)


async def test_what_is_forgotten_meanwhile_is_not_written(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)
    stretch = await run(summaries.next_stretch, conversation)
    assert stretch is not None

    await run(services.forget, alice.id, "Question 2")

    assert not await run(summaries.keep_summary, stretch, "They asked question 2.")
    assert await run(summary_of, conversation) == ("", 0)


async def test_the_later_of_two_at_once_writes_nothing(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)
    stretch = await run(summaries.next_stretch, conversation)
    assert stretch is not None

    assert await run(summaries.keep_summary, stretch, stretch.summary)
    assert not await run(summaries.keep_summary, stretch, "Second.")
    assert await run(summary_of, conversation) == ("", 4)


async def test_no_model_is_asked_about_forgotten_turns_alone(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)
    await run(services.forget_everything, alice.id)
    scripted = model("Of four.")

    await summarise_with(chains_of(scripted), conversation)

    assert scripted.prompts == []
    assert await run(summary_of, conversation) == ("", 4)


async def test_a_deleted_conversation_has_none(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN)
    stretch = await run(summaries.next_stretch, conversation)
    assert stretch is not None
    await run(erasure.delete_conversation, conversation, with_facts=False)

    assert await run(summaries.next_stretch, conversation) is None
    assert not await run(summaries.keep_summary, stretch, "Gone.")


async def test_the_job_is_done_while_the_conversation_goes_on(alice: Person) -> None:
    conversation = await run(talked, alice.id, *SEVEN, *SEVEN, ended=False)

    await do_jobs(chains_of(model("Of eleven.")))

    assert await run(summary_of, conversation) == ("Of eleven.", 11)


def test_a_summary_is_cut_after_a_sentence() -> None:
    assert bounded(" One.\n\nTwo. ") == "One. Two."

    cut = bounded("This is a sentence. " * 200)
    assert SUMMARY_CHARS - 20 <= len(cut) <= SUMMARY_CHARS
    assert cut.endswith("sentence.")
    assert len(bounded("word " * 1000)) <= SUMMARY_CHARS
    assert len(bounded("x" * 5000)) == SUMMARY_CHARS
