"""One web process: Daphne's server class with an end of our own.

Daphne's own SIGTERM may raise before any `finally` has run, and sends no close frames. Here the
sockets are closed and their sessions awaited first, and only then does the reactor stop.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import daphne.server  # installs the asyncio reactor: before anything else that imports Twisted
import structlog
from daphne.endpoints import build_endpoint_description_strings
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet import defer
from twisted.logger import STDLibLogObserver, globalLogPublisher

from voiceassistant.problems import CannotStart

log = structlog.get_logger(__name__)

MESSAGE_BYTES_MAX = 2 * 1024 * 1024
"""Above this Daphne closes with 1009; what is too large below it gets the consumer's `error`."""
PING_EVERY_S = 5
PONG_WITHIN_S = 10
DRAIN_S = 5.0
HARD_EXIT_S = 8.0


class Server(daphne.server.Server):
    """Daphne, but an end that also works for a connection whose application never began."""

    def kill_all_applications(self) -> "defer.Deferred[Any]":
        running = [
            details["application_instance"]
            for details in self.connections.values()
            if "application_instance" in details
        ]
        for application in running:
            application.cancel()
        return defer.Deferred.fromFuture(asyncio.gather(*running, return_exceptions=True))


class SocketProtocol(WebSocketProtocol):
    """Daphne's, but it can close with any code: Autobahn lets an application use 1000 and from 3000
    on only, and ours has 1008, 1011 and 1012 (docs/protocol.md). Nor does it put a line for the log
    together at each read, which nobody wants and which costs as much as the parsing."""

    def dataReceived(self, data: bytes) -> None:
        self._dataReceived(data)

    def serverClose(self, code: int | None = None) -> None:
        self.sendCloseFrame(code=1000 if code is None else code)


class WebProcess:
    """Listens, says so, warms up behind the open door, and on a signal drains before it goes."""

    def __init__(
        self,
        application: Callable[..., Awaitable[None]],
        *,
        work: Callable[[], Coroutine[Any, Any, None]],
        drain: Callable[..., Coroutine[Any, Any, None]],
    ) -> None:
        self.application = application
        self.work = work
        self.drain = drain
        self.tasks: set[asyncio.Task[None]] = set()
        self.closing = False

    def run(self, host: str, port: int, *, opened: Callable[[], None]) -> None:
        """Serve until SIGTERM or SIGINT. `opened` is called when a request can be answered."""
        self.server = Server(
            self.application,
            endpoints=build_endpoint_description_strings(host=host, port=port),
            signal_handlers=False,
            ping_interval=PING_EVERY_S,
            ping_timeout=PONG_WITHIN_S,
            websocket_max_message_size=MESSAGE_BYTES_MAX,
            websocket_max_frame_size=MESSAGE_BYTES_MAX,
            verbosity=0,
            ready_callable=lambda: self._open(opened),
        )
        # Daphne drops what Twisted says; its level in logs.QUIET keeps the chatter out.
        globalLogPublisher.addObserver(STDLibLogObserver("twisted"))  # type: ignore[arg-type]
        self.server.run()
        if not self.server.listening_addresses:
            raise CannotStart(f"Nothing can listen on {host}, port {port}: set PORT to another.")

    def _open(self, opened: Callable[[], None]) -> None:
        self.server.ws_factory.protocol = SocketProtocol
        # Say 1009 to who sends too much, instead of cutting the line.
        self.server.ws_factory.setProtocolOptions(failByDrop=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            daphne.server.twisted_loop.add_signal_handler(number, self._close)
        daphne.server.twisted_loop.call_soon(opened)
        self._spawn(self.work())

    def _close(self) -> None:
        if self.closing:
            return
        self.closing = True
        last_resort = threading.Timer(HARD_EXIT_S, os._exit, [1])
        last_resort.daemon = True
        last_resort.start()
        self._spawn(self._drain_and_stop())

    async def _drain_and_stop(self) -> None:
        try:
            async with asyncio.timeout(DRAIN_S + 1):
                await self.drain(deadline_s=DRAIN_S)
        finally:
            self.server.stop()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = daphne.server.twisted_loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._report)

    def _report(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("server.task_failed", exc_info=error)
