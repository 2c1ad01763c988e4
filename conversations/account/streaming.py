"""A long answer of a synchronous view, piece by piece."""

from collections.abc import Generator, Iterable

from asgiref.sync import sync_to_async

BLOCK_BYTES = 64 * 1024


class Streamed:
    """For StreamingHttpResponse, which would collect a plain iterator before it sends the first
    byte. Each step runs on the thread of the request, whose database connection the pieces use."""

    def __init__(self, pieces: Iterable[str | bytes]) -> None:
        self._blocks = _blocks(pieces)

    def __aiter__(self) -> "Streamed":
        return self

    async def __anext__(self) -> bytes:
        block = await sync_to_async(self._next)()
        if block is None:
            raise StopAsyncIteration
        return block

    def _next(self) -> bytes | None:
        return next(self._blocks, None)

    def close(self) -> None:
        """Called by Django with the end of the request, whether all was sent or nobody listens any
        more."""
        self._blocks.close()


def _blocks(pieces: Iterable[str | bytes]) -> Generator[bytes, None, None]:
    """Of BLOCK_BYTES and somewhat more, but for the last."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece.encode() if isinstance(piece, str) else piece
        if len(waiting) >= BLOCK_BYTES:
            yield bytes(waiting)
            waiting.clear()
    yield bytes(waiting)
