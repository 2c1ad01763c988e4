"""What this is, and how it is described."""

import re

import pytest
from django.test import Client

from conversations.models import User
from dashboard.api.application import api

JSON = {"Accept": "application/json"}


def test_who_asks_for_json_is_told_what_this_is_at_both_addresses(db: None):
    home = Client().get("/", headers=JSON)

    assert home.status_code == 200
    assert home.json() == Client().get("/api/").json() == Client().get("/api/", headers=JSON).json()
    assert home.json()["socket"] == "/voice/new"
    assert "Accept" in home["Vary"]


def test_every_address_that_is_named_is_there(db: None):
    named = {value for value in Client().get("/api/").json().values() if value.startswith("/")}

    for address in named - {"/voice/new", "/auth/token"}:
        assert Client().get(address).status_code in (200, 503)
    assert Client().get("/auth/token").status_code == 405


@pytest.mark.parametrize("accept", ["", "*/*", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_everybody_else_gets_the_page(user: User, accept: str):
    client = Client()
    assert client.get("/", headers={"Accept": accept}).status_code == 302
    client.force_login(user)

    assert b"<html" in client.get("/", headers={"Accept": accept}).content


def test_the_health_of_the_process_is_known_without_a_database():
    """Without the `db` fixture a query fails."""
    assert Client().get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("address", ["/health", "/providers", "/api/", "/"])
def test_who_only_wants_to_know_whether_it_answers_is_answered(db: None, address: str):
    assert Client().head(address, headers=JSON).status_code == 200


def test_the_documentation_comes_from_this_site_alone(db: None):
    page = Client().get("/docs")

    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert len(addresses) >= 3
    assert all(address.startswith("/static/") for address in addresses)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page.content.decode())


def test_the_socket_is_described_for_machines(db: None):
    answer = Client().get("/asyncapi.yaml")

    assert answer["Content-Type"] == "application/yaml"
    assert b"asyncapi: 3.0.0" in answer.content


def test_every_operation_says_what_may_go_wrong():
    schema = api.get_openapi_schema()

    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            problems = {
                status: each
                for status, each in operation["responses"].items()
                if status != "default" and int(status) >= 400 and path != "/ready"
            }
            if "security" in operation:
                assert {401, 403} <= problems.keys(), f"{method} {path}"
            for each in [*problems.values(), operation["responses"]["default"]]:
                assert list(each["content"]) == ["application/problem+json"]


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does():
    operations = [
        operation
        for methods in api.get_openapi_schema()["paths"].values()
        for operation in methods.values()
    ]

    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names) > 20
    assert all(operation["summary"] and operation["tags"] for operation in operations)
