"""What a conversation is called once a model has read it."""

from typing import Any

import pytest

from conversations import services
from conversations.account import erasure
from conversations.models import Conversation
from conversations.titles import TITLE_LENGTH
from tests.voice.background.models import chains_of, do_jobs, talked
from tests.voice.scripted import ScriptedModel
from voice.background.threads import run
from voice.background.titling import cleaned, title_with
from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.store import Person

TALK = (("what do dogs eat", "Meat, mostly."), ("and cats", "Fish."))


def model(answer: str | Exception) -> ScriptedModel:
    return ScriptedModel([[answer]])


def title_of(conversation: Any) -> str:
    return Conversation.objects.get(pk=conversation).title


async def test_a_title_by_the_model_replaces_the_first_words(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)
    assert await run(title_of, conversation) == "What do dogs eat"
    scripted = model('**Title:** "Food for dogs and cats."\n\nI hope you like it!')

    await title_with(chains_of(scripted), conversation)

    assert await run(title_of, conversation) == "Food for dogs and cats"
    assert '{"said_by": "assistant", "text": "Fish."}' in scripted.prompts[0].messages[0].text


@pytest.mark.parametrize("title", ["My own title", "Food for dogs"])
async def test_a_title_that_is_not_automatic_stays(alice: Person, title: str) -> None:
    conversation = await run(talked, alice.id, *TALK)
    await run(lambda: Conversation.objects.update(title=title))
    scripted = model("Another")

    await title_with(chains_of(scripted), conversation)

    assert await run(title_of, conversation) == title
    assert scripted.prompts == []


async def test_it_is_asked_for_once(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)
    scripted = model("Food")

    await title_with(chains_of(scripted), conversation)
    await title_with(chains_of(scripted), conversation)

    assert len(scripted.prompts) == 1


async def test_a_conversation_that_goes_on_keeps_its_first_words(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK, ended=False)

    await title_with(chains_of(model("Food")), conversation)

    assert await run(title_of, conversation) == "What do dogs eat"


async def test_without_a_language_model_it_stays(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)

    await title_with(chains_of(), conversation)

    assert await run(title_of, conversation) == "What do dogs eat"


async def test_when_all_models_are_down_the_job_fails(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)

    with pytest.raises(ProviderError):
        await title_with(chains_of(model(ProviderUnavailable("a", "gone"))), conversation)


async def test_what_was_forgotten_gives_no_title(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)
    await run(services.forget, alice.id, "dogs")
    scripted = model("Cats")

    await title_with(chains_of(scripted), conversation)

    assert "dogs" not in scripted.prompts[0].messages[0].text
    await run(services.forget, alice.id, "cats")
    await run(lambda: Conversation.objects.update(title=""))
    await title_with(chains_of(scripted), conversation)
    assert len(scripted.prompts) == 1


async def test_a_deleted_conversation_has_no_title(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)
    await run(erasure.delete_conversation, conversation, with_facts=False)
    scripted = model("Food")

    await title_with(chains_of(scripted), conversation)

    assert scripted.prompts == []


async def test_the_job_is_done_once_a_conversation_ended(alice: Person) -> None:
    conversation = await run(talked, alice.id, *TALK)

    await do_jobs(chains_of(model("Food")))

    assert await run(title_of, conversation) == "Food"


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("Food for dogs", "Food for dogs"),
        ("  “Food for dogs.” ", "Food for dogs"),
        ("# Food for dogs\nA title.", "Food for dogs"),
        ("title: food for dogs", "Food for dogs"),
        ("\n\n---\n`Food for dogs`", "Food for dogs"),
        ("<b>Food</b>", "B Food /b"),
        ("Essen für Hunde!", "Essen für Hunde"),
        ("Is it 5 o'clock?", "Is it 5 o'clock?"),
        ("", ""),
        ("…!?", ""),
    ],
)
def test_an_answer_is_made_a_title(answer: str, title: str) -> None:
    assert cleaned(answer) == title


def test_a_title_fits_its_line() -> None:
    assert len(cleaned("food " * 50)) <= TITLE_LENGTH
    assert len(cleaned("x" * 500)) <= TITLE_LENGTH
