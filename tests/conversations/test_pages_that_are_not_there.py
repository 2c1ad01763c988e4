"""Where nothing is, or nothing for them, somebody finds a way on."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/nowhere/", "/memory/999999/forget"])
def test_what_is_not_there_is_said_on_a_page_of_ours(as_alice: Client, path: str) -> None:
    response = as_alice.get(path)

    assert response.status_code == 404
    assert 'href="/memory/"' in response.content.decode()


def test_a_stranger_is_offered_no_pages_that_want_a_login(client: Client) -> None:
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert 'href="/memory/"' not in response.content.decode()


def test_the_icon_that_browsers_ask_for_is_there(client: Client) -> None:
    response = client.get("/favicon.ico")

    assert response.status_code == 302
    assert response["Location"].endswith("favicon.svg")


def test_what_is_not_for_somebody_is_said_on_a_page_of_ours(as_alice: Client) -> None:
    response = as_alice.get("/dashboard/")

    assert response.status_code == 403
    assert "Your account may not see or do this" in response.content.decode()
    assert 'href="/admin/"' not in response.content.decode()


def test_a_form_that_is_older_than_the_login_says_what_to_do(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "a"})

    assert response.status_code == 403
    assert "Go back, reload the page, and send it again" in response.content.decode()
