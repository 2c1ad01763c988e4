"""The slow network of the benches."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.browser.delay import delayed

DELAY_S = 0.1


@contextmanager
def echoing() -> Iterator[int]:
    """A server that sends back what it gets, to one client."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                while got := client.recv(1000):
                    client.sendall(got)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(5)
        assert not thread.is_alive()


def test_everything_arrives_in_order_and_late_both_ways() -> None:
    with (
        echoing() as port,
        delayed(port, DELAY_S) as slow,
        socket.create_connection(("127.0.0.1", slow)) as client,
    ):
        client.settimeout(5)
        began_s = time.monotonic()
        client.sendall(b"one ")
        client.sendall(b"two")

        got = b""
        while len(got) < 7:
            got += client.recv(1000)

        assert got == b"one two"
        assert time.monotonic() - began_s >= 2 * DELAY_S


def test_the_end_of_the_delay_cuts_what_is_open_and_leaves_no_thread() -> None:
    threads = threading.active_count()
    with echoing() as port, socket.socket() as client:
        client.settimeout(5)
        with delayed(port, DELAY_S) as slow:
            client.connect(("127.0.0.1", slow))
            client.sendall(b"one")
            assert client.recv(1000) == b"one"
        assert client.recv(1000) == b""

    assert threading.active_count() == threads
