"""The pages of people: their account and their past conversations."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from conversations import services
from conversations.models import Conversation, User
from tests.conversations.conftest import PASSWORD, answered, at, said

Starter = Callable[[User], Conversation]
NEW = {"username": "carol", "password1": PASSWORD, "password2": PASSWORD}


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- accounts -----------------------------------------------------------------------------------
def test_signing_up_makes_a_user_in_their_time_zone_and_logs_them_in(
    client: Client, db: None
) -> None:
    response = client.post(reverse("signup"), NEW | {"time_zone": "Asia/Tokyo"})

    assert response.url == reverse("talk")
    carol = User.objects.get(username="carol")
    assert carol.time_zone == "Asia/Tokyo"
    assert client.session["_auth_user_id"] == str(carol.pk)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd", "x" * 5000])
def test_an_unknown_time_zone_stops_nobody_from_signing_up(
    client: Client, db: None, zone: str
) -> None:
    client.post(reverse("signup"), NEW | {"time_zone": zone})

    assert User.objects.get(username="carol").time_zone == "UTC"


def test_a_name_that_is_taken_is_said_to_be(client: Client, alice: User) -> None:
    response = client.post(reverse("signup"), NEW | {"username": "Alice"})

    assert "already exists" in text_of(response)
    assert User.objects.count() == 1


def test_a_weak_password_is_refused(client: Client, db: None) -> None:
    client.post(reverse("signup"), NEW | {"password1": "12345678", "password2": "12345678"})

    assert not User.objects.exists()


def test_a_closed_sign_up_says_so_and_lets_nobody_in(
    client: Client, db: None, settings: LazySettings
) -> None:
    settings.SIGNUP_OPEN = False

    pages = client.get(reverse("signup")), client.post(reverse("signup"), NEW)

    assert [page.status_code for page in pages] == [403, 403]
    assert "Sign-up is closed" in text_of(pages[0])
    assert not User.objects.exists()
    assert reverse("signup") not in text_of(client.get(reverse("login")))


def test_logging_in_leads_where_one_wanted_to_go(client: Client, alice: User) -> None:
    wanted = reverse("conversations")
    assert client.get(wanted).url == f"{reverse('login')}?next={wanted}"

    response = client.post(
        reverse("login"), {"username": "alice", "password": PASSWORD, "next": wanted}
    )

    assert response.url == wanted


def test_logging_in_leads_to_no_other_site(client: Client, alice: User) -> None:
    response = client.post(
        reverse("login"),
        {"username": "alice", "password": PASSWORD, "next": "https://example.org/"},
    )

    assert response.url == reverse("talk")


@pytest.mark.parametrize(
    ("reported", "kept"),
    [("Asia/Tokyo", "Asia/Tokyo"), ("", "Europe/Berlin"), ("Mars/Olympus", "Europe/Berlin")],
)
def test_logging_in_from_another_time_zone_moves_the_user(
    client: Client, alice: User, reported: str, kept: str
) -> None:
    response = client.post(
        reverse("login"), {"username": "alice", "password": PASSWORD, "time_zone": reported}
    )

    alice.refresh_from_db()
    assert response.status_code == 302
    assert alice.time_zone == kept


def test_a_wrong_password_is_said_to_be(client: Client, alice: User) -> None:
    response = client.post(reverse("login"), {"username": "alice", "password": "guessed"})

    assert "correct username and password" in text_of(response)


@pytest.mark.parametrize("page", ["login", "admin:login"])
def test_guessing_at_the_log_in_page_is_stopped(client: Client, alice: User, page: str) -> None:
    for _ in range(10):
        client.post(reverse(page), {"username": "alice", "password": "guessed"})

    response = client.post(reverse(page), {"username": "alice", "password": PASSWORD})

    assert "Too many failed attempts" in text_of(response)


def test_a_deactivated_user_stays_out(client: Client, alice: User) -> None:
    User.objects.update(is_active=False)

    client.post(reverse("login"), {"username": "alice", "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_logging_out_takes_a_post(as_alice: Client) -> None:
    assert as_alice.get(reverse("logout")).status_code == 405

    response = as_alice.post(reverse("logout"))

    assert response.url == reverse("login")
    assert "_auth_user_id" not in as_alice.session


def test_changing_the_password_keeps_this_browser_and_ends_the_others(
    as_alice: Client, alice: User
) -> None:
    other = Client()
    other.force_login(alice)
    new = "staple battery horse correct"

    response = as_alice.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
        follow=True,
    )

    assert "Password changed" in text_of(response)
    assert as_alice.get(reverse("conversations")).status_code == 200
    assert other.get(reverse("conversations")).status_code == 302


def test_no_page_has_a_script_or_a_style_inside(
    client: Client, as_alice: Client, hers: Conversation
) -> None:
    """The content security policy would stop it."""
    said(hers, 1, "hello")
    own = [reverse("conversation", args=[hers.pk]), reverse("conversation_delete", args=[hers.pk])]
    pages = [client.get(reverse(name)) for name in ("login", "signup")] + [
        as_alice.get(url) for url in (reverse("conversations"), reverse("password_change"), *own)
    ]

    for page in pages:
        assert page.status_code == 200
        assert "<style" not in text_of(page)
        assert " style=" not in text_of(page)
        assert text_of(page).count("<script") == text_of(page).count(' src="/static/conversations')


# --- past conversations -------------------------------------------------------------------------
def test_the_list_shows_what_a_conversation_was(as_alice: Client, hers: Conversation) -> None:
    Conversation.objects.update(started_at=at(0))
    hers.sessions.create(opened_at=at(0), closed_at=at(245), close_code=1000)
    said(hers, 1, "what's the weather in <Berlin>?")
    services.mark_broken_off()

    page = text_of(as_alice.get(reverse("conversations")))

    assert "What&#x27;s the weather in &lt;Berlin&gt;?" in page
    assert "1 Mar 2026, 13:00" in page  # in Berlin
    assert "4:05" in page
    assert "· 1 turn ·" in page
    assert "broken off" in page


def test_an_empty_list_leads_to_the_talk_page(as_alice: Client) -> None:
    page = text_of(as_alice.get(reverse("conversations")))

    assert "Nothing has been said yet" in page
    assert f'href="{reverse("talk")}"' in page


def test_the_header_says_where_one_is(as_alice: Client, hers: Conversation) -> None:
    listed = text_of(as_alice.get(reverse("conversations")))
    one = text_of(as_alice.get(reverse("conversation", args=[hers.pk])))
    elsewhere = text_of(as_alice.get(reverse("account")))

    assert '/conversations/" aria-current="page">' in listed
    assert '/conversations/" aria-current="true">' in one
    assert "aria-current" not in elsewhere


def test_nobody_sees_somebody_elses_in_the_list(as_alice: Client, his: Conversation) -> None:
    said(his, 1, "my secret")

    assert "secret" not in text_of(as_alice.get(reverse("conversations")))


def test_the_list_has_pages_of_twenty(
    as_alice: Client, alice: User, start: Starter, django_assert_max_num_queries: Any
) -> None:
    for _ in range(21):
        start(alice)

    with django_assert_max_num_queries(5):
        first = as_alice.get(reverse("conversations"))
    second = as_alice.get(reverse("conversations"), {"page": 2})
    nonsense = as_alice.get(reverse("conversations"), {"page": "x"})

    assert text_of(first).count("list__item") == 20
    assert text_of(second).count("list__item") == 1
    assert nonsense.status_code == 200


# --- searching them -------------------------------------------------------------------------------
@pytest.fixture
def several(alice: User, start: Starter, his: Conversation) -> None:
    """Three of hers and one of his; nothing of the last of hers was said."""
    for text in ("How do I prune roses?", "When does the train to Hamburg go?"):
        talk = start(alice)
        said(talk, 1, text)
        answered(talk, 1, "That is a good question, I shall look it up.")
    start(alice)
    said(his, 1, "I grow roses, too.")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("roses", ["How do I prune roses?"]),
        ("ROSE", ["How do I prune roses?"]),
        ("look it up", ["How do I prune roses?", "When does the train to Hamburg go?"]),
        ("grow", []),
        ("100 %", []),
        ("\0", ["How do I prune roses?", "When does the train to Hamburg go?"]),
    ],
)
def test_a_conversation_is_found_by_what_either_side_said_in_it(
    query: str, found: list[str], as_alice: Client, several: None
) -> None:
    page = text_of(as_alice.get(reverse("conversations"), {"q": query}))

    titles = ("How do I prune roses?", "When does the train to Hamburg go?")
    assert [title for title in titles if f">{title}</a>" in page] == found
    assert "I grow roses" not in page


def test_what_was_not_said_leads_to_the_search_for_meaning(as_alice: Client, several: None) -> None:
    page = text_of(as_alice.get(reverse("conversations"), {"q": "a <b>"}))

    assert "These words were not said" in page
    assert 'value="a &lt;b&gt;"' in page
    assert f'href="{reverse("memory")}?q=a+%3Cb%3E"' in page


def test_what_is_found_has_pages_too(as_alice: Client, alice: User, start: Starter) -> None:
    for _ in range(21):
        said(start(alice), 1, "My dog.")

    page = text_of(as_alice.get(reverse("conversations"), {"q": "dog"}))

    assert "21 conversations with “dog”" in page
    assert 'href="?q=dog&amp;page=2"' in page


def test_where_nothing_was_said_there_is_nothing_to_search(as_alice: Client) -> None:
    assert 'type="search"' not in text_of(as_alice.get(reverse("conversations")))


# --- going on with one ----------------------------------------------------------------------------
def test_where_one_goes_on_stands_what_was_said_last(as_alice: Client, hers: Conversation) -> None:
    for number in range(1, 13):
        said(hers, number, f"question {number}.", seconds=10 * number)
        answered(hers, number, f"answer {number}.", reply=number, seconds=10 * number + 3)

    page = text_of(as_alice.get(reverse("talk"), {"conversation": hers.pk}))

    assert page.count('class="utterance ') == 20
    assert "question 2." not in page
    assert page.index("question 3.") < page.index("answer 3.") < page.index("answer 12.")
    assert f'href="/conversations/{hers.pk}/"' in page


def test_what_somebody_else_said_does_not_stand_there(as_alice: Client, his: Conversation) -> None:
    said(his, 1, "my secret")

    for conversation in (his.pk, uuid4(), "nonsense", ""):
        page = text_of(as_alice.get(reverse("talk"), {"conversation": conversation}))
        assert "secret" not in page
        assert 'id="earlier"' not in page


def test_only_the_staff_is_told_which_setting_gives_a_better_ear(
    as_alice: Client, alice: User
) -> None:
    as_user = text_of(as_alice.get(reverse("talk")))
    User.objects.update(is_staff=True)
    as_staff = text_of(as_alice.get(reverse("talk")))

    assert "Typing always works" in as_user
    assert ("DEEPGRAM_API_KEY" in as_user, "DEEPGRAM_API_KEY" in as_staff) == (False, True)


# --- one of them ----------------------------------------------------------------------------------
def test_a_conversation_is_shown_with_times_in_the_users_zone(
    as_alice: Client, hers: Conversation
) -> None:
    said(hers, 1, "what's the time?", seconds=0)
    answered(hers, 1, "It is", seconds=3, interrupted=True)

    page = text_of(as_alice.get(reverse("conversation", args=[hers.pk])))

    assert "13:00:00" in page
    assert "13:00:03" in page
    assert "interrupted" in page
    assert f"{reverse('talk')}?conversation={hers.pk}" in page


def test_a_long_conversation_takes_no_more_queries_than_a_short_one(
    as_alice: Client, hers: Conversation, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 31):
        said(hers, number, "hello", seconds=number)

    with django_assert_max_num_queries(4):
        as_alice.get(reverse("conversation", args=[hers.pk]))


@pytest.mark.parametrize("form", ["txt", "md", "json", "srt", "vtt"])
def test_a_transcript_can_be_downloaded(as_alice: Client, hers: Conversation, form: str) -> None:
    said(hers, 1, "wie spät ist es?")

    response = as_alice.get(reverse("transcript", args=[hers.pk, form]))

    assert response.status_code == 200
    assert "attachment" in response["Content-Disposition"]
    assert f"Wie%20sp%C3%A4t%20ist%20es%3F.{form}" in response["Content-Disposition"]
    assert "wie spät ist es?" in text_of(response)


def test_a_transcript_as_something_else_does_not_exist(
    as_alice: Client, hers: Conversation
) -> None:
    assert as_alice.get(f"/conversations/{hers.pk}/transcript.exe").status_code == 404


@pytest.mark.parametrize("page", ["conversation", "conversation_delete", "transcript"])
def test_somebody_elses_conversation_looks_like_none(
    as_alice: Client, his: Conversation, page: str
) -> None:
    rest = ["txt"] if page == "transcript" else []

    theirs = as_alice.get(reverse(page, args=[his.pk, *rest]))
    nobodys = as_alice.get(reverse(page, args=[uuid4(), *rest]))

    assert (theirs.status_code, nobodys.status_code) == (404, 404)


def test_nobody_deletes_somebody_elses_conversation(as_alice: Client, his: Conversation) -> None:
    assert as_alice.post(reverse("conversation_delete", args=[his.pk])).status_code == 404
    assert Conversation.objects.filter(pk=his.pk).exists()


def test_a_conversation_is_deleted_after_asking(as_alice: Client, hers: Conversation) -> None:
    url = reverse("conversation_delete", args=[hers.pk])

    assert "Delete this conversation?" in text_of(as_alice.get(url))
    assert Conversation.objects.filter(pk=hers.pk).exists()

    response = as_alice.post(url, follow=True)

    assert "is deleted" in text_of(response)
    assert not Conversation.objects.filter(pk=hers.pk).exists()


@pytest.mark.parametrize("page", ["conversation", "conversation_delete", "transcript"])
def test_nobody_who_is_not_logged_in_sees_a_conversation(
    client: Client, hers: Conversation, page: str
) -> None:
    url = reverse(page, args=[hers.pk, *(["txt"] if page == "transcript" else [])])

    assert client.get(url).url == f"{reverse('login')}?next={url}"
