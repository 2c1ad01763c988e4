"""How often somebody may ask."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from conversations.models import User
from dashboard.api import rates
from dashboard.api.rates import Rate, Spent
from tests.dashboard.api.conftest import comes_in


@pytest.fixture(autouse=True)
def three_an_hour(alone: None, settings: LazySettings) -> None:
    settings.API_RATE = "3/h"


def statuses(client: Client, times: int, **how: Any) -> list[int]:
    return [client.get("/providers", **how).status_code for _ in range(times)]


def test_the_fourth_of_three_is_refused_and_told_how_long_to_wait(user: User):
    client = comes_in(user)
    assert statuses(client, 3) == [200] * 3

    refused = client.get("/providers")

    assert refused.status_code == 429
    assert refused["Content-Type"] == "application/problem+json"
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused["RateLimit"].startswith('"default";r=0;t=')


def test_each_answer_says_how_it_stands(user: User):
    answers = [comes_in(user).get("/sessions") for _ in range(2)]

    assert [each["RateLimit-Policy"] for each in answers] == ['"default";q=3;w=3600'] * 2
    assert [each["RateLimit"].split(";")[1] for each in answers] == ["r=2", "r=1"]


def test_users_are_counted_each_and_whoever_is_nobody_by_address(user: User, other: User):
    assert statuses(comes_in(user), 4)[-1] == 429
    assert statuses(comes_in(other), 1) == [200]
    assert statuses(Client(), 4, REMOTE_ADDR="192.0.2.1")[-1] == 429
    assert statuses(Client(), 1, REMOTE_ADDR="192.0.2.2") == [200]


def test_tokens_that_are_no_good_count_for_the_address(db: None):
    forged = [{"Authorization": f"Bearer {guess}"} for guess in range(4)]

    answers = [Client().get("/sessions", headers=each, REMOTE_ADDR="192.0.2.3") for each in forged]

    assert [each.status_code for each in answers] == [401, 401, 401, 429]


def test_whether_it_lives_may_be_asked_all_day(db: None):
    answers = [Client().get("/health") for _ in range(9)]

    assert {each.status_code for each in answers} == {200}
    assert "RateLimit" not in answers[0]


def test_a_cache_that_is_away_lets_everybody_in_and_says_so(
    user: User, settings: LazySettings, caplog: pytest.LogCaptureFixture
):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert statuses(comes_in(user), 5) == [200] * 5
    assert "api.rate_unavailable" in caplog.text


def test_processes_count_together(user: User):
    assert statuses(comes_in(user), 1) == [200]

    kept = cache._cache.get_client(None).keys("*api-rate:user:*")

    assert len(kept) == 1


@pytest.mark.parametrize(
    ("written", "rate"),
    [("120/min", Rate(120, 60)), ("5/s", Rate(5, 1)), ("2000/h", Rate(2000, 3600)), ("", None)],
)
def test_a_rate_is_read_as_it_is_written(written: str, rate: Rate | None):
    assert rates.rate(written) == rate


@pytest.mark.parametrize("written", ["120", "x/min", "5/day", "5 / s"])
def test_nonsense_is_no_rate(written: str):
    with pytest.raises(ValueError, match="API_RATE"):
        rates.rate(written)


def test_as_many_as_allowed_are_not_too_many():
    assert [Spent(Rate(3, 60), asked, 9.0).is_too_much for asked in (1, 3, 4)] == [
        False,
        False,
        True,
    ]
