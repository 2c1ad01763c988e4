"""An OpenAI-compatible `audio/transcriptions` on loopback."""

import io
import json
import re
import wave
from collections.abc import Sequence

from tests.simulators.conduct import Conduct, conducted
from tests.simulators.hearing import HUMAN, Recognition
from tests.simulators.http import Answer, Asked, HttpSimulator


class TranscriptionsSimulator(HttpSimulator):
    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        human: Sequence[str] = HUMAN,
    ) -> None:
        super().__init__(conduct)
        self.human = human
        self.forms: list[dict[str, bytes]] = []
        """The fields of each request."""

    async def answer(self, asked: Asked) -> Answer:
        form = fields(asked)
        self.forms.append(form)
        recognition = Recognition(self.human)
        words = recognition.feed(sound(form["file"])) + recognition.flush()
        body = json.dumps({"text": " ".join(word.text for word in words)}).encode()
        middle = len(body) // 2
        parts = conducted((body[:middle], body[middle:]), lambda: self.conduct)
        return Answer(parts, content_type="application/json")


def fields(asked: Asked) -> dict[str, bytes]:
    """A multipart form."""
    boundary = asked.headers["content-type"].partition("boundary=")[2].encode()
    found = {}
    for part in asked.body.split(b"--" + boundary)[1:-1]:
        head, _, value = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        name = re.search(rb' name="([^"]+)"', head)
        found[name[1].decode()] = value.removesuffix(b"\r\n")
    return found


def sound(file: bytes) -> bytes:
    """The PCM of a WAV file, which must be mono at 16 kHz."""
    with wave.open(io.BytesIO(file), "rb") as reader:
        assert (reader.getnchannels(), reader.getsampwidth(), reader.getframerate()) == (
            1,
            2,
            16000,
        )
        return reader.readframes(reader.getnframes())
