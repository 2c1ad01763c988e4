"""What somebody searches for on a page of theirs."""

from django.http import HttpRequest

from conversations.text import storable

QUERY_LENGTH = 200
"""Characters; what is longer is cut."""


def query_of(request: HttpRequest) -> str:
    """The `q` of the address; "" where nothing is searched for."""
    return storable(request.GET.get("q", "")).strip()[:QUERY_LENGTH]
