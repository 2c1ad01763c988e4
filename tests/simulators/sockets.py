"""A WebSocket server that can refuse, hang, drop and talk nonsense."""

from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import Request, Response, Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from tests.simulators.conduct import AT_THE_DOOR, Broken, Fault
from tests.simulators.server import Simulator

GARBAGE = '{"type": "Nonsense", "channel": 7, "data": {]'


class SocketSimulator(Simulator):
    """A subclass gives `converse`. `requests` keeps the handshakes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests: list[Request] = []
        self.closed: list[int | None] = []
        """How each connection was closed by its client: the code, None for none."""
        self._server: Server | None = None
        self._open: set[ServerConnection] = set()

    async def converse(self, socket: ServerConnection) -> None:
        """Talk until the client leaves. May raise Broken, which is then done to this socket."""
        raise NotImplementedError

    def query(self) -> dict[str, list[str]]:
        """The last handshake's."""
        return parse_qs(urlsplit(self.requests[-1].path).query)

    async def _start_listening(self) -> None:
        self._server = await serve(
            self._serve,
            "127.0.0.1",
            self.port,
            reuse_port=True,
            process_request=self._admit,
            close_timeout=0.2,
            max_size=None,
        )

    async def _stop_listening(self) -> None:
        if self._server is None:
            return
        for socket in list(self._open):
            socket.transport.abort()
        self._server.close(close_connections=True)
        await self._server.wait_closed()

    async def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        self._note()
        fault = self.conduct.fault
        if fault is Fault.HANG_CONNECT:
            self._open.add(socket)  # so that the server can give up, too
            try:
                await socket.wait_closed()
            finally:
                self._open.discard(socket)
        if status := AT_THE_DOOR.get(fault):
            response = socket.respond(HTTPStatus(status), f"simulated {status}\n")
            if status == 429:
                response.headers["Retry-After"] = f"{self.conduct.retry_after_s:g}"
            return response
        return None

    async def _serve(self, socket: ServerConnection) -> None:
        self.connections += 1
        self._open.add(socket)
        self._note()
        try:
            await self.converse(socket)
        except Broken as broken:
            await self._break(socket, broken.fault)
        except ConnectionClosed:
            pass
        finally:
            self._open.discard(socket)
            self.closed.append(socket.close_code)
            self._note()

    async def _break(self, socket: ServerConnection, fault: Fault) -> None:
        if fault is Fault.DROP:
            socket.transport.abort()
        elif fault is Fault.GARBAGE:
            await socket.send(GARBAGE)
            await socket.wait_closed()
        else:
            await socket.close()
