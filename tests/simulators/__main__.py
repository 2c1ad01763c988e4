"""`make run-simulated`: the whole product on simulated vendors, with no key and no network.

A control address says how each behaves and changes it while somebody talks:
    curl localhost:8070                                                  who is there
    curl localhost:8070/llm/groq -d '{"fault": "stall in the middle"}'   how to be
Faults: tests/simulators/conduct.py. What else is said on the command line goes to the supervisor.
"""

import asyncio
import dataclasses
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from tests.simulators.conduct import Conduct, Fault
from tests.simulators.espeak import accent
from tests.simulators.everybody import ORDINARY, Everybody, everybody
from tests.simulators.http import Answer, Asked, HttpSimulator
from tests.simulators.model import Messages
from voice.providers.llm.offline import respond
from voice.providers.protocols import Message, Prompt, Tool, ToolCall

CONTROL_PORT = 8070
CHAINS = {
    "STT_CHAIN": "deepgram,assemblyai,flux,local,offline",
    "LLM_CHAIN": "groq,openai,gemini,local,offline",
    "TTS_CHAIN": "cartesia,openai,deepgram,elevenlabs,local,offline",
}
TOOLS = tuple(Tool(name, "", {}) for name in ("remember", "recall", "forget", "web_search"))


class Control(HttpSimulator):
    def __init__(self, vendors: Everybody, port: int) -> None:
        super().__init__()
        self.port = port
        self._vendors = vendors

    async def answer(self, asked: Asked) -> Answer:
        try:
            if asked.body:
                await self._behave(asked)
            status, said = 200, self._who()
        except (KeyError, ValueError, TypeError) as error:
            faults = ", ".join(fault.value for fault in Fault)
            status, said = 400, f"{error!r} is not known here. Faults: {faults}\n"
        return Answer(_once(said.encode()), "text/plain; charset=utf-8", status)

    async def _behave(self, asked: Asked) -> None:
        kind, name = asked.path.strip("/").split("/")
        wanted = asked.json
        if "fault" in wanted:
            wanted["fault"] = Fault(wanted["fault"])
        conduct = dataclasses.replace(ORDINARY, **wanted)
        await self._vendors.by_name[kind, name].behave(conduct)  # type: ignore[index]

    def _who(self) -> str:
        rows = [
            f"/{kind}/{name:12} {_told(server.conduct)}"
            for (kind, name), server in self._vendors.by_name.items()
        ]
        return "\n".join(rows) + "\n"


def _told(conduct: Conduct) -> str:
    return json.dumps({"fault": conduct.fault.value, "after_items": conduct.after_items})


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def reply(messages: Messages) -> str:
    last = messages[-1]
    if last["role"] == "tool":
        return str(respond(Prompt("", (Message("tool", last["content"]),)), datetime.now(UTC)))
    if last["content"].startswith("<"):  # background work: a title, a summary, facts
        return "A simulated conversation"
    said = last["content"].strip().rstrip(".?!")
    return (
        f"“{said}” is answered by a simulated model like everything else. "
        "It goes on talking for a while, so that there is something to interrupt, "
        "to lose in the middle, and to hand on to the next one."
    )


def calls(messages: Messages) -> list[tuple[str, dict[str, object]]]:
    """Those that the offline mind would ask for: “remember that …”, “look up …”."""
    last = messages[-1]
    if last["role"] != "user":
        return []
    prompt = Prompt("", (Message("user", last["content"]),), tools=TOOLS)
    answer = respond(prompt, datetime.now(UTC))
    return [(answer.name, dict(answer.arguments))] if isinstance(answer, ToolCall) else []


async def main(arguments: list[str]) -> int:
    async with (
        everybody(reply=reply, calls=calls, sound=accent) as vendors,
        Control(vendors, int(os.environ.get("CONTROL_PORT", CONTROL_PORT))) as control,
    ):
        print(f"simulated vendors: curl localhost:{control.port}", flush=True)
        site = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "voiceassistant.supervisor", "--end-with-parent", *arguments),
            env=CHAINS | dict(os.environ) | vendors.settings,
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, site.terminate)
        return await site.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1:])))
