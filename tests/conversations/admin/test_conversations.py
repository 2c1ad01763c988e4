"""Conversations in the admin: read, found, told something, handed out; and who did is noted."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.messages import get_messages
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from conversations import context
from conversations.memory import passages
from conversations.models import AuditEntry, Conversation, Turn, User
from tests.conversations.admin.conftest import page
from tests.conversations.conftest import answered, said

Capture = Callable[..., Any]


@pytest.fixture
def talks(hers: Conversation, his: Conversation) -> tuple[Conversation, Conversation]:
    """She talks of a dog, he of a train."""
    said(hers, 1, "My dog ran away.")
    answered(hers, 1, "I am sorry to hear it.", interrupted=True)
    said(his, 1, "Which train goes to Hamburg?", seconds=20)
    answered(his, 1, "The one at noon.", seconds=24)
    return hers, his


def noted() -> list[tuple[str, str, Any]]:
    """What is in the audit log: by whom, what, and whose."""
    entries = AuditEntry.objects.order_by("pk").select_related("user")
    return [(one.by_name, one.action, one.user and one.user.username) for one in entries]


def found(client: Client, model: type, **asked: str) -> list[Any]:
    response = client.get(page(model), asked)
    assert response.status_code == 200
    return list(response.context["cl"].result_list)


# --- reading --------------------------------------------------------------------------------------
def test_each_look_at_a_conversation_is_noted(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    html = supervisor.get(page(Conversation, "change", hers.pk)).content.decode()
    turn = Turn.objects.filter(conversation=hers).first()
    supervisor.get(page(Turn, "change", turn.pk))  # type: ignore[union-attr]
    supervisor.get(page(Conversation, "history", hers.pk))

    assert "My dog ran away." in html
    assert noted() == [("sam", "read", "alice")] * 3
    assert AuditEntry.objects.first().conversation == hers.pk  # type: ignore[union-attr]


def test_lists_and_searches_are_noted_without_the_words_sought(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    supervisor.get(page(Conversation))
    supervisor.get(page(Turn), {"q": "dog", "user": "alice"})

    listed, searched = AuditEntry.objects.order_by("pk")
    assert (listed.action, listed.detail) == ("list", {"kind": "conversation", "filters": []})
    assert searched.action == "search"
    assert searched.detail == {"kind": "turn", "filters": ["user"]}


@pytest.mark.parametrize(
    ("asked", "filters"),
    [
        ({"text__icontains": "secretword"}, ["text"]),
        ({"metrics__secretword": "1"}, ["metrics"]),
        (
            {"conversation__state__exact": "secretword", "user": "secretword", "o": "1"},
            ["conversation__state__exact", "o", "user"],
        ),
    ],
)
def test_of_the_filters_of_a_list_their_names_are_noted(
    supervisor: Client,
    talks: tuple[Conversation, Conversation],
    asked: dict[str, str],
    filters: list[str],
) -> None:
    assert supervisor.get(page(Turn), asked).status_code == 200

    assert AuditEntry.objects.get().detail == {"kind": "turn", "filters": filters}


@pytest.mark.parametrize("model", [Conversation, Turn])
def test_a_list_that_is_posted_for_is_noted_all_the_same(
    supervisor: Client, talks: tuple[Conversation, Conversation], model: type
) -> None:
    for sent in ({}, {"action": "export"}, {"action": "export", "_selected_action": 1, "_save": 1}):
        AuditEntry.objects.all().delete()

        html = supervisor.post(f"{page(model)}?q=dog", sent).content.decode()

        assert "dog ran away" in html
        assert noted() == [("sam", "search", None)]


def test_what_was_not_shown_is_not_noted(
    operator: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    assert operator.get(page(Conversation, "change", hers.pk)).status_code == 403
    assert operator.get(page(Turn), {"q": "dog"}).status_code == 403
    assert noted() == []


def test_no_other_page_finds_words_while_one_types(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    asked = {"app_label": "conversations", "model_name": "turn", "field_name": "conversation"}

    response = supervisor.get(reverse("admin:autocomplete"), asked | {"term": "dog"})

    assert response.status_code == 404


def test_nothing_that_was_said_can_be_changed(
    chief: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    chief.post(
        page(Conversation, "change", hers.pk),
        {"context": "", "seen": 0, "title": "Other", "state": "ended"}
        | {"utterances-TOTAL_FORMS": 0, "utterances-INITIAL_FORMS": 0},
    )

    hers.refresh_from_db()
    assert (hers.title, hers.state) == ("My dog ran away", "open")


# --- telling --------------------------------------------------------------------------------------
def tell(client: Client, conversation: Conversation, text: str, *, seen: int = 0) -> Any:
    formset = {"utterances-TOTAL_FORMS": 0, "utterances-INITIAL_FORMS": 0}
    form = {"context": text, "seen": seen} | formset
    return client.post(page(Conversation, "change", conversation.pk), form)


def test_a_supervisor_tells_one_conversation_something(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    tell(supervisor, hers, "She has been a customer for ten years.")

    hers.refresh_from_db()
    assert (hers.context, hers.context_version) == ("She has been a customer for ten years.", 1)
    assert noted() == [("sam", "context", "alice")]


def test_saving_without_a_change_tells_nothing(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    tell(supervisor, hers, "")

    hers.refresh_from_db()
    assert hers.context_version == 0
    assert noted() == []


def test_a_note_that_came_in_meanwhile_is_not_lost_unseen(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    context.add_note(hers.pk, "Offer a refund.", by=None)

    response = tell(supervisor, hers, "Be kind.", seen=0)

    hers.refresh_from_db()
    assert "Somebody saved this in the meantime" in response.content.decode()
    assert hers.context == "Offer a refund."


def test_who_may_read_and_not_steer_can_only_read(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    sam = User.objects.get(username="sam")
    reading = list(sam.groups.get().permissions.exclude(codename="steer"))
    sam.groups.clear()
    sam.user_permissions.set(reading)

    assert supervisor.get(page(Conversation, "change", hers.pk)).status_code == 200
    assert tell(supervisor, hers, "Be kind.").status_code == 403
    hers.refresh_from_db()
    assert hers.context == ""


def test_too_long_a_context_is_refused(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    response = tell(supervisor, hers, "x" * (context.OWN_MAX + 1))

    assert "context" in response.context["adminform"].form.errors


# --- finding --------------------------------------------------------------------------------------
def test_conversations_are_found_by_what_was_said_in_them(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, his = talks

    assert found(supervisor, Conversation, q="ran aw") == [hers]
    assert found(supervisor, Conversation, q="noon") == [his]
    assert found(supervisor, Conversation, q="submarine") == []


def test_conversations_are_found_by_their_titles(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    Conversation.objects.filter(pk=hers.pk).update(title="A lost animal")

    assert found(supervisor, Conversation, q="LOST animal") == [hers]


def test_turns_are_found_by_what_they_say(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    assert [turn.text for turn in found(supervisor, Turn, q="o")] == [
        "The one at noon.",
        "Which train goes to Hamburg?",
        "I am sorry to hear it.",
        "My dog ran away.",
    ]


@pytest.fixture
def embedded(warm: None, talks: tuple[Conversation, Conversation]) -> None:
    passages.embed(list(passages.lacking().values_list("pk", flat=True)))


def test_both_are_found_by_meaning_the_nearest_first(
    supervisor: Client, talks: tuple[Conversation, Conversation], embedded: None
) -> None:
    hers, his = talks

    assert found(supervisor, Conversation, q="a lost pet", by="meaning") == [hers, his]
    assert found(supervisor, Conversation, q="railway connections", by="meaning") == [his, hers]
    texts = [turn.text for turn in found(supervisor, Turn, q="a lost pet", by="meaning")]
    assert texts[0] == "My dog ran away."


def test_meaning_and_filters_go_together(
    supervisor: Client, talks: tuple[Conversation, Conversation], embedded: None
) -> None:
    _, his = talks

    assert found(supervisor, Conversation, q="a lost pet", by="meaning", user="bob") == [his]


def test_while_the_model_is_loading_one_is_told_to_wait(
    supervisor: Client, talks: tuple[Conversation, Conversation], cold: None
) -> None:
    response = supervisor.get(page(Turn), {"q": "pet", "by": "meaning"})

    assert list(response.context["cl"].result_list) == []
    [told] = [str(message) for message in get_messages(response.wsgi_request)]
    assert "being loaded" in told


@pytest.mark.parametrize(
    ("asked", "texts"),
    [
        ({"user": "ALICE"}, {"My dog ran away.", "I am sorry to hear it."}),
        ({"user": "ali"}, set()),
        ({"interrupted__exact": "1"}, {"I am sorry to hear it."}),
        ({"source": "spoken", "user": "bob"}, {"Which train goes to Hamburg?"}),
        ({"role__exact": "assistant", "user": "bob"}, {"The one at noon."}),
        ({"conversation__state__exact": "ended"}, set()),
        ({"started_at_from": "2026-03-02"}, set()),
        ({"started_at_to": "2026-02-28"}, set()),
        (
            {"started_at_from": "2026-03-01", "started_at_to": "2026-03-01", "user": "bob"},
            {"Which train goes to Hamburg?", "The one at noon."},
        ),
        ({"started_at_from": "yesterday", "user": "bob", "source": "model"}, {"The one at noon."}),
    ],
)
def test_turns_are_narrowed_by_filters(
    supervisor: Client,
    talks: tuple[Conversation, Conversation],
    asked: dict[str, str],
    texts: set[str],
) -> None:
    assert {turn.text for turn in found(supervisor, Turn, **asked)} == texts


def test_conversations_are_narrowed_by_filters(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, his = talks

    assert found(supervisor, Conversation, user="alice") == [hers]
    assert found(supervisor, Conversation, state__exact="ended") == []
    agent = str(his.agent_id)
    assert set(found(supervisor, Conversation, agent__id__exact=agent)) == {hers, his}


def test_a_way_to_search_by_meaning_stands_beside_the_box(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    html = supervisor.get(page(Turn), {"q": "dog"}).content.decode()

    assert '?q=dog&amp;by=meaning"' in html


# --- handing out ----------------------------------------------------------------------------------
def export(client: Client, model: type, rows: list[Any], **more: Any) -> Any:
    chosen = {"action": "export", "_selected_action": [row.pk for row in rows]}
    return client.post(page(model), chosen | more)


def unzipped(response: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(async_to_sync(_received)(response))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def _received(response: StreamingHttpResponse) -> bytes:
    return b"".join([block async for block in response])


def test_exporting_asks_for_the_formats_first(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    html = export(supervisor, Conversation, list(talks)).content.decode()

    assert "2 conversations in one zip" in html
    assert "Choose at least one" not in html
    assert noted() == []


def test_exporting_in_no_format_asks_again(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    html = export(supervisor, Conversation, list(talks), asked="yes").content.decode()

    assert "Choose at least one format." in html


def test_many_conversations_are_one_zip(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, his = talks

    files = unzipped(
        export(supervisor, Conversation, [hers, his], asked="yes", formats=["md", "json"])
    )

    names = sorted(files)
    assert [name.split("/")[0] for name in names] == ["alice", "alice", "bob", "bob"]
    assert [name.rpartition(".")[2] for name in names] == ["json", "md", "json", "md"]
    assert hers.pk.hex[:8] in names[0]
    assert json.loads(files[names[0]])["turns"][0]["text"] == "My dog ran away."
    assert "Which train goes to Hamburg?" in files[names[3]]


def test_times_are_those_of_who_exports(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    User.objects.filter(username="sam").update(time_zone="Asia/Tokyo")

    [text] = unzipped(
        export(supervisor, Conversation, [hers], asked="yes", formats=["txt"])
    ).values()

    assert "[21:00:00] alice: My dog ran away." in text


def test_each_conversation_that_is_handed_out_is_noted(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks

    unzipped(export(supervisor, Conversation, list(talks), asked="yes", formats=["txt"]))

    assert sorted(noted()) == [("sam", "export", "alice"), ("sam", "export", "bob")]
    entry = AuditEntry.objects.get(conversation=hers.pk)
    assert (entry.agent_id, entry.detail) == (hers.agent_id, {"formats": ["txt"]})


def test_the_conversations_of_chosen_turns_are_exported_once_each(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    turns = list(Turn.objects.filter(conversation=hers))

    files = unzipped(export(supervisor, Turn, turns, asked="yes", formats=["txt"]))

    assert len(turns) == 2
    assert len(files) == 1


def test_all_that_a_filter_finds_can_be_exported(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    chosen = {"action": "export", "_selected_action": [hers.pk], "select_across": "1"}

    response = supervisor.post(
        f"{page(Conversation)}?user=bob", chosen | {"asked": "yes", "formats": ["txt"]}
    )

    assert [name.split("/")[0] for name in unzipped(response)] == ["bob"]


def test_a_conversation_deleted_meanwhile_is_left_out(
    supervisor: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, his = talks
    response = export(supervisor, Conversation, [hers, his], asked="yes", formats=["txt"])

    hers.delete()

    assert [name.split("/")[0] for name in unzipped(response)] == ["bob"]
    assert noted() == [("sam", "export", "bob")]


def test_who_may_not_read_can_not_export(
    operator: Client, talks: tuple[Conversation, Conversation]
) -> None:
    response = export(operator, Conversation, list(talks), asked="yes", formats=["txt"])

    assert response.status_code == 403
    assert noted() == []


# --- deleting -------------------------------------------------------------------------------------
def test_deleting_a_conversation_shows_none_of_its_words_and_is_noted(
    chief: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    address = page(Conversation, "delete", hers.pk)

    assert "sorry to hear" not in chief.get(address).content.decode()
    chief.post(address, {"post": "yes"})

    assert not Conversation.objects.filter(pk=hers.pk).exists()
    assert noted() == [("chief", "read", "alice"), ("chief", "delete", "alice")]


def test_asking_whether_to_delete_several_is_noted_as_a_list(
    chief: Client, talks: tuple[Conversation, Conversation]
) -> None:
    chosen = {"action": "delete_selected", "_selected_action": [talk.pk for talk in talks]}

    html = chief.post(page(Conversation), chosen).content.decode()
    assert "My dog ran away" in html
    assert noted() == [("chief", "list", None)]

    chief.post(page(Conversation), chosen | {"post": "yes"})
    assert not Conversation.objects.exists()
    assert sorted(noted()[1:]) == [("chief", "delete", "alice"), ("chief", "delete", "bob")]


def test_deleting_a_user_shows_none_of_their_words_and_is_noted(
    chief: Client, talks: tuple[Conversation, Conversation]
) -> None:
    hers, _ = talks
    address = page(User, "delete", hers.user_id)

    assert "dog" not in chief.get(address).content.decode()
    chief.post(address, {"post": "yes"})

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.detail) == ("delete", {"kind": "user", "account": hers.user_id})
