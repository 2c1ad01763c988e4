"""Figures for machines."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from conversations import measures
from conversations.models import User
from tests.dashboard.api.conftest import comes_in

TOKEN = "a-token-for-prometheus"


@pytest.fixture
def scraper(db: None, settings: LazySettings) -> Client:
    settings.METRICS_TOKEN = TOKEN
    return Client(headers={"Authorization": f"Bearer {TOKEN}"})


def test_prometheus_gets_its_text_form(scraper: Client):
    accept = "application/openmetrics-text;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"

    answer = scraper.get("/metrics", headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert b"# HELP" in answer.content


def test_who_prefers_json_gets_that(scraper: Client):
    answer = scraper.get("/metrics", headers={"Accept": "application/json"})

    assert answer["Content-Type"] == "application/json"
    assert isinstance(answer.json(), dict)
    assert "Accept" in answer["Vary"]


def test_the_metrics_token_opens_nothing_else(scraper: Client):
    assert scraper.get("/metrics/recent").status_code == 200
    for address in ("/sessions", "/api/v1/conversations", "/api/v1/memories"):
        assert scraper.get(address).status_code == 401
    assert "serves" not in scraper.get("/providers").json()["llm"][0]


def test_without_one_in_the_settings_no_token_is_right(db: None):
    for token in ("", "None", TOKEN):
        client = Client(headers={"Authorization": f"Bearer {token}"})
        assert client.get("/metrics").status_code == 401


def row(name: str, label: str, bucket: int, count: int, total: float) -> Any:
    return (datetime.now(UTC), name, label, bucket, count, total)


def test_recent_figures_are_those_of_all_processes(operator: User):
    measures.keep(
        [row("turns", "spoken", -1, 3, 3), row("turn_part_ms", "total_ms", 76, 4, 2_900.0)]
    )
    measures.keep([row("turns", "spoken", -1, 2, 2), row("cost_by_user", "7", -1, 1, 0.5)])

    found = comes_in(operator).get("/metrics/recent?window=1h").json()

    assert found["series"]["turns"][0]["count"] == 5
    [whole] = found["series"]["turn_part_ms"]
    assert (whole["label"], whole["count"], whole["total"]) == ("total_ms", 4, 2_900.0)
    assert whole["p50"] == whole["p95"] == pytest.approx(693, rel=0.05)
    assert "cost_by_user" not in found["series"]
    assert found["window"] == "1h"
    assert 0 < found["seconds"] <= 3_600


def test_what_was_longer_ago_is_in_a_longer_window_only(operator: User):
    long_ago = timezone.now() - timedelta(minutes=30)
    measures.keep([(long_ago, "turns", "typed", -1, 1, 1.0)])
    client = comes_in(operator)

    counts = {
        window: len(client.get(f"/metrics/recent?window={window}").json()["series"]["turns"])
        for window in ("5m", "1h", "1d")
    }

    assert counts == {"5m": 0, "1h": 1, "1d": 1}


def test_a_window_that_there_is_not_is_refused(operator: User):
    assert comes_in(operator).get("/metrics/recent?window=1y").status_code == 422
