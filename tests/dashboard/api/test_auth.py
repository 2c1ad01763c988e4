"""Log-ins of clients without a browser: how they go on, and how they end."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core import signing
from django.test import Client

from conversations import tokens
from conversations.models import ApiLogin, User
from tests.dashboard.api.conftest import PASSWORD


def posted(path: str, **body: Any) -> Any:
    """The answer to a client without cookies, which checks for forgery like a real one."""
    client = Client(enforce_csrf_checks=True, headers={"User-Agent": "robot/1"})
    return client.post(path, body, content_type="application/json")


@pytest.fixture
def pair(user: User) -> dict[str, str]:
    answer = posted("/auth/token", username="ursula", password=PASSWORD)
    assert answer.status_code == 200
    found: dict[str, str] = answer.json()
    return found


def test_a_log_in_gives_both_tokens_and_is_kept_without_them(pair: dict[str, str], user: User):
    [login] = ApiLogin.objects.all()

    assert tokens.user_of(pair["access"]) == user
    assert (login.user, login.client) == (user, "robot/1")
    assert pair["refresh"] not in str(vars(login))
    assert pair.keys() == {"access", "expires_in_s", "refresh"}


def test_a_refresh_token_gives_the_next_pair(pair: dict[str, str], user: User):
    following = posted("/auth/refresh", refresh=pair["refresh"]).json()

    assert tokens.user_of(following["access"]) == user
    assert following["refresh"] != pair["refresh"]
    assert posted("/auth/refresh", refresh=following["refresh"]).status_code == 200
    assert ApiLogin.objects.count() == 1


def test_a_refresh_token_that_comes_twice_ends_the_log_in(pair: dict[str, str]):
    following = posted("/auth/refresh", refresh=pair["refresh"]).json()

    assert posted("/auth/refresh", refresh=pair["refresh"]).status_code == 401

    assert posted("/auth/refresh", refresh=following["refresh"]).status_code == 401
    for each in (pair, following):
        assert tokens.user_of(each["access"]) is None
        assert tokens.is_revoked(each["access"])


def test_one_log_in_that_ends_leaves_the_others(pair: dict[str, str], user: User):
    another = posted("/auth/token", username="ursula", password=PASSWORD).json()

    assert posted("/auth/revoke", refresh=pair["refresh"]).status_code == 204

    assert tokens.user_of(pair["access"]) is None
    assert tokens.user_of(another["access"]) == user
    assert not tokens.is_revoked(another["access"])


def test_a_used_refresh_token_still_logs_out(pair: dict[str, str]):
    following = posted("/auth/refresh", refresh=pair["refresh"]).json()

    assert posted("/auth/revoke", refresh=pair["refresh"]).status_code == 204

    assert tokens.user_of(following["access"]) is None


def test_an_access_token_that_is_merely_over_is_not_revoked(
    pair: dict[str, str], settings: LazySettings
):
    settings.ACCESS_TOKEN_S = -1

    assert tokens.user_of(pair["access"]) is None
    assert not tokens.is_revoked(pair["access"])


def test_a_log_in_that_nobody_refreshed_for_too_long_is_over(pair: dict[str, str]):
    ApiLogin.objects.update(expires_at="2020-01-01T00:00Z")

    assert posted("/auth/refresh", refresh=pair["refresh"]).status_code == 401
    assert tokens.user_of(pair["access"]) is None


def test_log_ins_that_are_over_are_forgotten_with_the_next(pair: dict[str, str]):
    ApiLogin.objects.update(expires_at="2020-01-01T00:00Z")

    posted("/auth/token", username="ursula", password=PASSWORD)

    assert ApiLogin.objects.count() == 1


def test_a_new_password_ends_the_log_in(pair: dict[str, str], user: User):
    user.set_password("another one")
    user.save()

    assert posted("/auth/refresh", refresh=pair["refresh"]).status_code == 401
    assert tokens.is_revoked(pair["access"])


def test_a_user_who_is_deactivated_cannot_go_on(pair: dict[str, str], user: User):
    user.is_active = False
    user.save()

    assert posted("/auth/refresh", refresh=pair["refresh"]).status_code == 401


def test_knowing_the_id_of_a_log_in_ends_none(pair: dict[str, str], user: User):
    """It stands in access tokens, for all to read."""
    [login] = ApiLogin.objects.all()
    forged = signing.dumps([login.pk.hex, "", "guess"], key="not ours", salt="x")

    for token in (forged, pair["access"], login.pk.hex, "", "ü", "a:b:c", "\0"):
        assert posted("/auth/refresh", refresh=token).status_code == 401
        assert posted("/auth/revoke", refresh=token).status_code == 204

    assert tokens.user_of(pair["access"]) == user


@pytest.mark.parametrize("path", ["/auth/refresh", "/auth/revoke"])
@pytest.mark.parametrize("body", [{}, {"refresh": 1}, {"refresh": "x", "more": 1}])
def test_a_body_that_does_not_fit_is_told_why(db: None, path: str, body: dict[str, Any]):
    answer = posted(path, **body)

    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_the_reason_of_a_failed_log_in_stands_where_older_clients_look(user: User):
    answer = posted("/auth/token", username="ursula", password="guessed")

    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["error"] == answer.json()["detail"] == "Wrong username or password."


def test_a_browsers_cookie_changes_something_only_with_its_csrf_token(user: User, session: Any):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    address, body = f"/sessions/{session}/context", {"context": "Be brief."}

    refused = client.post(address, body, content_type="application/json")
    client.get("/account/")  # a page with a form hands out the token
    csrf = {"X-CSRFToken": client.cookies["csrftoken"].value}
    taken = client.post(address, body, content_type="application/json", headers=csrf)

    assert (refused.status_code, taken.status_code) == (403, 200)
    assert "X-CSRFToken" in refused.json()["detail"]


def test_a_token_that_is_no_good_is_not_made_up_for_by_a_cookie(user: User):
    client = Client()
    client.force_login(user)

    assert client.get("/sessions").status_code == 200
    refused = client.get("/sessions", headers={"Authorization": "Bearer forged"})
    assert refused.status_code == 401
    assert refused["WWW-Authenticate"] == "Bearer"
