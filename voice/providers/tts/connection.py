"""A voice's WebSocket as the rest sees it: messages out, what they mean in, four kinds of errors.

Everything that both vendors' sockets need is here; what their messages look like is theirs to say.
"""

import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol, TypeAlias

from websockets.asyncio.client import connect as connect  # imported now, not in a turn
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.http import CONNECT_S
from voice.providers.tts.timing import Mark

CLOSE_S = 0.2
"""How long a peer that does not answer may hold up closing."""
PING_S, PONG_S = 10.0, 5.0
"""A network that is gone without a word is noticed within their sum."""
MESSAGE_BYTES_MAX = 8 * 2**20
"""A minute of sound in base64 and more. The library's 1 MiB ends the socket on a long sentence."""

Message: TypeAlias = Mapping[str, object]
Request: TypeAlias = Callable[[str], Sequence[Message]]
"""Context id → what opens that context and asks for its sentence, or for more of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one message of the vendor's means."""

    context: str = ""
    """"" for what concerns the socket, and thereby all its contexts."""
    pcm: bytes = b""
    """May end in the middle of a sample."""
    words: tuple[Mark, ...] = ()
    """As the vendor spells them, from the start of the sentence."""
    letters: tuple[Mark, ...] = ()
    """White space among them, from the start of `pcm`."""
    is_last: bool = False
    error: ProviderError | None = None


class Connection(Protocol):
    """Open. Each method raises ProviderError once it is not any more."""

    async def send(self, message: Message) -> None: ...

    async def receive(self) -> Said: ...

    async def close(self) -> None:
        """Within half a second, whatever the peer does."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where sockets lead, and how one speaks to those who are there."""

    provider: str
    connect: Callable[[], Awaitable[Connection]]
    """Raises ProviderError."""
    cancel: Callable[[str], Message]
    """Stops a context."""
    sign_of_life: Callable[[str], Sequence[Message]] = lambda context: ()
    """What a socket has to hear from time to time in order to stay open; may use a context."""
    contexts_max: float = inf
    """At a time on one socket."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """For how long sockets are kept, and how."""

    unused_s: float = 600.0
    """A pause in a conversation may be as long; after it a socket is not worth its upkeep."""
    sign_of_life_s: float = 60.0
    reopen_s: float = 0.2
    """After the first loss; twice as long after each further one."""
    reopen_max_s: float = 30.0


def options(root: str) -> dict[str, Any]:
    """For `connect`, to an address of this root. Takes some 50 ms where there is TLS."""
    tls = {"ssl": ssl.create_default_context()} if root.startswith("wss") else {}
    return tls | {
        "compression": None,  # sound does not get smaller by it
        "open_timeout": CONNECT_S,
        "close_timeout": CLOSE_S,
        "ping_interval": PING_S,
        "ping_timeout": PONG_S,
        "max_size": MESSAGE_BYTES_MAX,
    }


def web_socket_root(account: Account) -> str:
    return "ws" + account.base_url.rstrip("/").removeprefix("http")


Refusal: TypeAlias = Callable[[str], ProviderError | None]
"""The error that a vendor's words stand for; None if they say nothing in particular."""


def _nothing_particular(said: str) -> None:
    return None


@contextmanager
def translated(account: Account, refusal: Refusal = _nothing_particular) -> Iterator[None]:
    """Raises what goes wrong with a socket as a ProviderError."""
    try:
        yield
    except TimeoutError as error:
        raise ProviderTimeout(account.provider, f"no connection in {CONNECT_S:g} s") from error
    except InvalidStatus as error:
        raise _refused(account, refusal, error) from error
    except ConnectionClosed as error:
        reason = error.rcvd.reason if error.rcvd else ""
        raise refusal(reason) or unavailable(account, "hung up", error) from error
    except (OSError, WebSocketException) as error:
        raise unavailable(account, "no connection", error) from error
    except (ValueError, TypeError, AttributeError, LookupError) as error:
        raise unavailable(account, "not understood", error) from error


def unavailable(account: Account, what: str, why: object) -> ProviderUnavailable:
    """why: what the network raised, or the vendor's own words."""
    hidden = str(why).replace(account.key, "…") if account.key else str(why)
    if not isinstance(why, Exception):
        return ProviderUnavailable(account.provider, what, said=hidden[:200])
    told = f"{what}: {type(why).__name__}"
    if isinstance(why, OSError | WebSocketException):
        told = f"{told}: {hidden}"
    return ProviderUnavailable(account.provider, told[:200])


def _refused(account: Account, refusal: Refusal, error: InvalidStatus) -> ProviderError:
    response = error.response
    said = (response.body or b"").decode(errors="replace")
    if response.status_code < 429 and (known := refusal(said)):
        return known
    return account.error(
        response.status_code, said, retry_after=response.headers.get("Retry-After")
    )
