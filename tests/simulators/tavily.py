"""Tavily's /search on loopback."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from tests.simulators.conduct import Conduct, conducted
from tests.simulators.http import Answer, Asked, HttpSimulator

Results = Callable[[str], list[dict[str, Any]]]


def echo(query: str) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{query}, number {number}",
            "url": f"https://example.org/{number}",
            "content": f"What is known about {query}, part {number}.",
            "score": 1 - number / 10,
            "raw_content": None,
        }
        for number in range(1, 6)
    ]


@dataclass(frozen=True, slots=True)
class Prepared:
    body: bytes
    status: int
    headers: dict[str, str]


class TavilySimulator(HttpSimulator):
    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        results: Results = echo,
    ) -> None:
        super().__init__(conduct)
        self.results = results
        self._prepared: list[Prepared] = []

    def will(self, body: bytes | None = None, status: int = 200, **headers: str) -> None:
        """Prepare the next answer; where none is, it is `results`."""
        body = self.refusal(status) if body is None else body
        self._prepared.append(Prepared(body, status, headers))

    async def answer(self, asked: Asked) -> Answer:
        assert asked.path == "/search"
        if self._prepared:
            said = self._prepared.pop(0)
            return Answer(self._parts(said.body), "application/json", said.status, said.headers)
        query, most = asked.json["query"], asked.json.get("max_results", 5)
        body = {
            "query": query,
            "follow_up_questions": None,
            "answer": None,
            "images": [],
            "results": self.results(query)[:most],
            "response_time": 0.4,
            "request_id": "r-1",
        }
        return Answer(self._parts(json.dumps(body).encode()), "application/json")

    def refusal(self, status: int) -> bytes:
        return json.dumps({"detail": {"error": f"simulated {status}"}}).encode()

    async def _parts(self, body: bytes) -> AsyncIterator[bytes]:
        half = len(body) // 2
        async for part in conducted((body[:half], body[half:]), lambda: self.conduct):
            yield part
