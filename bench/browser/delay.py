"""A network that is slow: a TCP proxy that holds every byte back for a while, in both directions.

Nothing is lost and nothing reordered. Usage beside a running site:
python -m bench.browser.delay PORT MS
"""

import asyncio
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager

CHUNK_BYTES = 64 * 1024
UNDERWAY_CHUNKS = 4096
"""In one direction; when that many are underway the sender waits."""
START_S, STOP_S = 5.0, 5.0


class Delay:
    """Runs in a thread of its own, from `start` to `stop`."""

    def __init__(self, target_port: int, delay_s: float) -> None:
        self._target_port = target_port
        self._delay_s = delay_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> int:
        """Returns the port that leads to the other."""
        self._thread.start()
        serving = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(serving, self._loop).result(START_S)
        return int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Cuts what is open. Raises TimeoutError when something does not end."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(STOP_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(STOP_S)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks)

    async def _accept(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        there, forth = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._writers |= {back, forth}
        for reader, writer in ((here, forth), (there, back)):
            underway: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(UNDERWAY_CHUNKS)
            self._keep(self._take(reader, underway))
            self._keep(_give(writer, underway))

    def _keep(self, work: Coroutine[object, object, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(
        self, reader: asyncio.StreamReader, underway: "asyncio.Queue[tuple[float, bytes]]"
    ) -> None:
        chunk = b" "
        while chunk:
            try:
                chunk = await reader.read(CHUNK_BYTES)
            except ConnectionError:
                chunk = b""
            await underway.put((self._loop.time() + self._delay_s, chunk))


async def _give(
    writer: asyncio.StreamWriter, underway: "asyncio.Queue[tuple[float, bytes]]"
) -> None:
    clock = asyncio.get_running_loop()
    while True:
        due, chunk = await underway.get()
        await asyncio.sleep(due - clock.time())
        if not chunk or writer.is_closing():
            return writer.close()
        writer.write(chunk)


@contextmanager
def delayed(port: int, delay_s: float) -> Iterator[int]:
    """A port of this machine that leads to another, `delay_s` later each way."""
    delay = Delay(port, delay_s)
    yield delay.start()
    delay.stop()


def main() -> None:
    port, delay_ms = int(sys.argv[1]), float(sys.argv[2])
    with delayed(port, delay_ms / 1000) as slow:
        print(f"http://localhost:{slow} leads to {port}, {delay_ms:g} ms later each way")
        threading.Event().wait()


if __name__ == "__main__":
    main()
