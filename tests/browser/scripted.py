"""The server's side of the wire, as a test writes it down: for what a real server does seldom and
never on demand (drops, late frames, closes). The browser takes it for the real one."""

import json
import math
import struct
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

OUTPUT_HZ = 24_000
FRAME = 2_400
CONVERSATION = "8d7a5c1e-7f51-4a53-9a63-0d9c2f6a1b20"
OFFLINE = {"stt": ["offline"], "llm": ["offline"], "tts": ["offline"], "search": []}


class ScriptedServer:
    def __init__(
        self,
        page: Page,
        *,
        opens: bool = True,
        chain: dict[str, list[str]] = OFFLINE,
        accepts: list[str] | None = None,
    ) -> None:
        """opens: send `session` to every socket by itself. accepts: what it takes beyond the first
        version of the protocol."""
        self.opens = opens
        self.accepts = accepts or []
        self.chain = chain
        self.sockets: list[WebSocketRoute] = []
        self.messages: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        page.route_web_socket("**/voice/**", self._accept)

    @property
    def socket(self) -> WebSocketRoute:
        return self.sockets[-1]

    def say(self, type: str, **fields: Any) -> None:
        self.socket.send(json.dumps({"type": type, **fields}))

    def session(self) -> None:
        resumed = len(self.sockets) > 1
        self.say(
            "session",
            conversation=CONVERSATION,
            session="5d1f9b46-4f0e-4a6d-bb53-6d7f3e6c2a11",
            agent="assistant",
            resumed=resumed,
            input_hz=16_000,
            output_hz=OUTPUT_HZ,
            providers=self.chain,
            accepts=self.accepts,
        )
        self.say("state_change", state="listening")

    def reply(self, number: int, seconds: float, *, turn: int = 1, start_s: float = 0.0) -> None:
        """Start it where start_s is 0, and send that much of a tone."""
        if start_s == 0:
            self.say("state_change", state="speaking")
            self.say("reply_started", reply=number, turn=turn, source="model")
        for sample in range(int(start_s * OUTPUT_HZ), int((start_s + seconds) * OUTPUT_HZ), FRAME):
            self.socket.send(struct.pack("<II", number, sample) + tone(sample, FRAME))

    def caption(
        self, role: str, text: str, *, turn: int = 1, final: bool = True, **more: Any
    ) -> None:
        self.say("transcript_update", role=role, turn=turn, text=text, is_final=final, **more)

    def got(self, type: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == type]

    def typed(self) -> list[str]:
        """The turns that came, each as often as it came."""
        return [message["text"] for message in self.got("text")]

    def _accept(self, socket: WebSocketRoute) -> None:
        self.sockets.append(socket)
        socket.on_message(self._received)
        if self.opens:
            self.session()

    def _received(self, message: str | bytes) -> None:
        if isinstance(message, bytes):
            self.frames.append(message)
            return
        self.messages.append(json.loads(message))
        if self.messages[-1]["type"] == "ping":
            self.say("pong", t=self.messages[-1]["t"])


def tone(sample: int, count: int) -> bytes:
    """440 Hz at −12 dBFS from that sample on, mono s16le."""
    phase = 2 * math.pi * 440 / OUTPUT_HZ
    return struct.pack(
        f"<{count}h", *(int(8000 * math.sin(phase * n)) for n in range(sample, sample + count))
    )
