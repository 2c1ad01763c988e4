"""An address at which connecting gets no answer at all: its queue of connections is full, and
nobody takes any out of it."""

import select
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

ANSWERED_S = 0.1
QUEUE_MAX = 300


@contextmanager
def crowded() -> Iterator[str]:
    """Its http root."""
    with ExitStack() as stack:
        server = stack.enter_context(socket.socket())
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        address = server.getsockname()
        for _ in range(QUEUE_MAX):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(address)
            _, connected, _ = select.select([], [client], [], ANSWERED_S)
            if not connected:
                break
        yield f"http://127.0.0.1:{address[1]}"
