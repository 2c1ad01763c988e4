"""Tavily: a search of the web, made for language models."""

from collections.abc import Mapping

import httpx
from tavily import AsyncTavilyClient
from tavily.errors import TimeoutError as TavilyTimeout

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.failures import GARBLED
from voice.providers.http import CONNECT_S, CONNECTIONS_MAX, KEEPALIVE_S, READ_S
from voice.providers.protocols import Found
from voice.providers.text import sendable

DEPTH = "fast"
"""For one credit, as “basic”, and sooner (https://docs.tavily.com/documentation/api-credits)."""
QUERY_CHARS_MAX = 400
"""Tavily takes no more."""
TEXT_CHARS_MAX = 500
"""Of each result: what a model has to read before it can answer."""
NO_CREDIT = (432, 433)
"""Tavily's own: the limits of the plan, and of what is paid as it goes."""
WRONG_ADDRESS = 404


class Tavily:
    def __init__(self, account: Account) -> None:
        self.name = account.provider
        self._account = account
        self._http = httpx.AsyncClient(
            base_url=account.base_url,
            headers={"Authorization": f"Bearer {account.key}"},
            limits=httpx.Limits(max_connections=CONNECTIONS_MAX, keepalive_expiry=KEEPALIVE_S),
            event_hooks={"request": [_limit], "response": [self._check]},
        )
        self._client = AsyncTavilyClient(api_key=account.key, client=self._http)

    async def search(self, query: str, *, results_max: int) -> list[Found]:
        """What the web says, best first, in pieces of at most 500 characters. An empty query finds
        nothing. Raises ProviderError."""
        query = sendable(query).strip()[:QUERY_CHARS_MAX]
        if not self._account.key:  # the SDK would search as nobody in particular
            raise self._account.rejected(f"has no key; set {self._account.setting}_API_KEY")
        if not query:
            return []
        try:
            answer = await self._client.search(
                query, search_depth=DEPTH, max_results=results_max, timeout=READ_S
            )
            return [_found(result) for result in answer["results"]][:results_max]
        except TavilyTimeout as error:
            raise ProviderTimeout(self.name, f"no answer within {READ_S:g} s") from error
        except (httpx.HTTPError, *GARBLED) as error:
            raise ProviderUnavailable(self.name, f"broke off ({type(error).__name__})") from error

    async def aclose(self) -> None:
        """Close its connections."""
        await self._http.aclose()

    async def _check(self, response: httpx.Response) -> None:
        """Raises what a status means. The SDK's own errors don't say how long to wait."""
        if response.status_code != 200:
            await response.aread()
            raise self._refused(response)

    def _refused(self, response: httpx.Response) -> ProviderError:
        status = response.status_code
        if status == WRONG_ADDRESS:
            setting = f"{self._account.setting}_BASE_URL"
            return self._account.rejected(f"is not to be found there; check {setting} (HTTP 404)")
        return self._account.error(
            402 if status in NO_CREDIT else status,
            response.text,
            retry_after=response.headers.get("retry-after"),
        )


async def _limit(request: httpx.Request) -> None:
    """The SDK gives connecting as long as the whole."""
    request.extensions["timeout"] = httpx.Timeout(READ_S, connect=CONNECT_S).as_dict()


def _found(result: Mapping[str, object]) -> Found:
    title, url, text = (str(result.get(name) or "") for name in ("title", "url", "content"))
    return Found(title, url, " ".join(text.split())[:TEXT_CHARS_MAX])
