"""The version of what a session is told, as HTTP has it: given as an ETag, taken as If-Match."""

import re
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.http import parse_etags
from ninja import Header

from dashboard.api.problems import Problem

OURS = re.compile(r'(?:W/)?"([0-9]{1,9})"')
"""Weak ones, too: that is what a proxy which compresses answers makes of ours."""
ANY = "*"
STRANGE = "If-Match takes one ETag, as it was given here, or *. Nothing was saved."

IfMatch = Annotated[
    str,
    Header(
        alias="If-Match",
        description="The ETag of what is to be replaced: 412, and nothing is saved, where somebody "
        "has changed it since. `*`, and without it, whatever stands there is replaced.",
    ),
]
DESCRIBED: dict[str, Any] = {
    "responses": {
        200: {
            "headers": {
                "ETag": {
                    "description": 'The version of what it is told, as stored: `"3"`.',
                    "schema": {"type": "string"},
                }
            }
        }
    }
}
"""In the schema of an operation that gives one."""


def give(response: HttpResponse, version: int) -> None:
    response.headers["ETag"] = f'"{version}"'


def version_in(if_match: str) -> int | None:
    """None for any. Raises Problem 412 for what can be no version."""
    tags = parse_etags(if_match)
    if tags == [ANY]:
        return None
    found = OURS.fullmatch(tags[0]) if len(tags) == 1 else None
    if found is None:
        raise Problem(412, STRANGE)
    return int(found[1])
