"""Access tokens, and where clients without a browser get them."""

import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client

from conversations import tokens
from conversations.models import User
from tests.conversations.conftest import PASSWORD

PAIR = {"username": "alice", "password": PASSWORD}


def posted(body: Any, **headers: str) -> Any:
    """The answer to a client without cookies, which checks for forgery like a real one."""
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(
        "/auth/token", raw, content_type="application/json", **headers
    )


def test_a_name_and_password_give_a_token_that_stands_for_the_user(alice: User) -> None:
    response = posted(PAIR)

    assert response.status_code == 200
    assert tokens.user_of(response.json()["access"]) == alice
    assert response.json()["expires_in_s"] == 900
    assert "no-store" in response["Cache-Control"]


def test_a_wrong_password_gives_none(alice: User) -> None:
    response = posted({"username": "alice", "password": "guessed"})

    assert response.status_code == 401
    assert "access" not in response.json()


def test_nobody_elses_name_does_either(db: None) -> None:
    assert posted(PAIR).status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "null", '"alice"', b"\xff\xfe", "[" * 100_000,
        {}, {"username": "alice"}, {"username": "alice", "password": ""},
        {"username": 1, "password": 2}, {"username": ["alice"], "password": PASSWORD},
        {"username": "ali\0ce", "password": PASSWORD}, {"username": "\ud800", "password": "x"},
    ],
)  # fmt: skip
def test_a_malformed_body_is_told_what_is_expected(db: None, body: Any) -> None:
    response = posted(body)

    assert response.status_code == 400
    assert '{"username": "…", "password": "…"}' in response.json()["error"]


def test_only_post_is_answered(db: None) -> None:
    assert Client().get("/auth/token").status_code == 405


def test_guessing_is_stopped_after_ten_attempts(alice: User) -> None:
    for _ in range(10):
        assert posted({"username": "alice", "password": "guessed"}).status_code == 401

    response = posted(PAIR)

    assert response.status_code == 429
    assert int(response["Retry-After"]) == 900


def test_guessing_one_name_stops_no_other_and_no_other_address(alice: User, bob: User) -> None:
    for _ in range(11):
        posted({"username": "alice", "password": "guessed"})

    assert posted({"username": "bob", "password": PASSWORD}).status_code == 200
    assert posted(PAIR, REMOTE_ADDR="192.0.2.1").status_code == 200


def test_the_right_password_wipes_the_slate_clean(alice: User) -> None:
    for _ in range(2):
        for _ in range(9):
            posted({"username": "alice", "password": "guessed"})
        assert posted(PAIR).status_code == 200


def test_a_token_is_over_after_its_time(alice: User, settings: LazySettings) -> None:
    token = tokens.issue(alice)
    settings.ACCESS_TOKEN_S = -1

    assert tokens.user_of(token) is None


def test_a_token_dies_with_the_password(alice: User) -> None:
    token = tokens.issue(alice)
    alice.set_password("another one")
    alice.save()

    assert tokens.user_of(token) is None


def test_a_token_dies_with_the_account(alice: User) -> None:
    token = tokens.issue(alice)
    alice.is_active = False
    alice.save()

    assert tokens.user_of(token) is None


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0", "ü" * 500, "." * 9])
def test_nonsense_is_nobodys_token(db: None, token: str) -> None:
    assert tokens.user_of(token) is None


def test_a_token_that_was_changed_is_nobodys(alice: User, bob: User) -> None:
    payload, rest = tokens.issue(alice).split(":", 1)
    other, _ = tokens.issue(bob).split(":", 1)

    assert tokens.user_of(f"{other}:{rest}") is None
    assert tokens.user_of(f"{payload}:{rest}") == alice


def test_something_else_that_we_signed_is_no_token(alice: User) -> None:
    assert tokens.user_of(signing.dumps([alice.pk, "x"])) is None
