"""The schema as clients get it: what the framework makes of the handlers, and the problems that
each of them may end with."""

from typing import Any

from django.conf import settings

from dashboard.api.problems import MEDIA_TYPE, ProblemDetails

Document = dict[str, Any]

PROBLEM = {"$ref": "#/components/schemas/ProblemDetails"}
WHEN = {
    400: "The body cannot be read.",
    401: "Nobody is logged in, or the token holds no more.",
    403: "This takes a permission, or the CSRF token.",
    404: "There is no such thing, or it is not yours.",
    412: "Somebody has changed it since; get it again.",
    422: "Something in it does not fit; `errors` says what.",
    429: "Too many requests; `Retry-After` says how long to wait.",
}
LIMITED = {
    "RateLimit-Policy": 'How many in how many seconds: `"default";q=120;w=60`.',
    "RateLimit": 'How many are left, and for how many seconds: `"default";r=119;t=42`.',
}


def with_problems(document: Document, *, unlimited: set[str]) -> Document:
    """The same document, every operation with its problems and its headers. unlimited: paths that
    are never too often asked for."""
    document["components"]["schemas"]["ProblemDetails"] = _schema(document)
    for path, operations in document["paths"].items():
        for operation in operations.values():
            known = operation["responses"]
            for status in _statuses(path, operation, is_limited=path not in unlimited):
                known.setdefault(status, _response(WHEN[status]))
            known["default"] = _response("Something else went wrong.")
            if path not in unlimited:
                _limit(known)
    return document


def _statuses(path: str, operation: Document, *, is_limited: bool) -> list[int]:
    has_input = bool(operation.get("parameters") or operation.get("requestBody"))
    found = {
        400: "requestBody" in operation,
        401: "security" in operation,
        403: "security" in operation,
        404: "{" in path or "cursor" in str(operation.get("parameters")),
        412: any(each["name"] == "If-Match" for each in operation.get("parameters", ())),
        422: has_input,
        429: is_limited,
    }
    return [status for status, may_be in found.items() if may_be]


def _limit(responses: Document) -> None:
    if settings.API_RATE:
        for response in responses.values():
            response["headers"] = response.get("headers", {}) | {
                name: {"description": text, "schema": {"type": "string"}}
                for name, text in LIMITED.items()
            }


def _response(when: str) -> Document:
    return {"description": when, "content": {MEDIA_TYPE: {"schema": PROBLEM}}}


def _schema(document: Document) -> Document:
    schema = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    document["components"]["schemas"] |= schema.pop("$defs", {})
    return schema
