"""The clients of docs/clients.md, run as they stand there, on a real site on simulated vendors."""

import asyncio
import json
import os
import re
import sys
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from websockets.asyncio.client import connect

from tests.serving import Site, site
from tests.simulators.everybody import Everybody, everybody

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "clients.md").read_text()
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CHAINS = {"STT_CHAIN": "deepgram", "LLM_CHAIN": "groq", "TTS_CHAIN": "cartesia"}
PATIENCE_S = 60.0
TOLD = "The caller is on the page about refunds."


def blocks(language: str) -> list[str]:
    """The code of that language in the document, in order."""
    return [code for name, code in BLOCK.findall(DOCUMENT) if name == language]


LOG_IN, CHANGE_CONTEXT, CHANGE_WHAT_WAS_SEEN, SHOW, END = blocks("sh")
[PYTHON] = blocks("python")


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[Site, Everybody]]:
    async with everybody() as vendors:
        starting = site(folder, **CHAINS, **vendors.settings)
        running = await asyncio.to_thread(starting.__enter__)
        try:
            yield running, vendors
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)


def environment(running: Site, **more: str) -> dict[str, str]:
    who = {"SITE": running.url, "NAME": running.user, "PASSWORD": running.password}
    return os.environ | who | more


async def shell(script: str, running: Site, **variables: str) -> str:
    """What the lines print, after those that log in."""
    process = await asyncio.create_subprocess_exec(
        *("bash", "-e", "-c", f"{LOG_IN}\n{script}"),
        env=environment(running, **variables),
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE_S):
        printed, _ = await process.communicate()
    assert process.returncode == 0, printed
    return printed.decode()


class Talking:
    """The client in Python, while it runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.printed: list[str] = []

    async def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())
        await self.process.stdin.drain()

    async def until(self, beginning: str) -> str:
        """The first line from here on that begins like this."""
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE_S):
            while line := (await self.process.stdout.readline()).decode():
                self.printed.append(line.rstrip())
                if line.startswith(beginning):
                    return line.rstrip()
        raise AssertionError(f"it never printed {beginning!r}, but {self.printed}")


@asynccontextmanager
async def talking(running: Site, folder: Path) -> AsyncIterator[Talking]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PYTHON),
        env=environment(running),
        cwd=folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Talking(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def prompts(vendors: Everybody) -> list[str]:
    """What the model was asked, each as one text."""
    return [json.dumps(asked.json["messages"]) for asked in vendors.by_name["llm", "groq"].asked]  # type: ignore[attr-defined]


async def applied(version: int, running: Site, session: str) -> dict[str, Any]:
    """How the session stands once it goes by that version of its context."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            shown: dict[str, Any] = json.loads(await shell(SHOW, running, SESSION=session))
            if shown["own_version"] == version:
                return shown


async def test_a_call_in_python_is_steered_with_curl_and_ended(
    postgres: None, redis: None, tmp_path: Path
):
    async with served(tmp_path) as (running, vendors), talking(running, tmp_path) as client:
        session = (await client.until("session ")).split()[1]
        await client.say("Where is my money?")
        await client.until("assistant: You said: Where is my money?")
        before = len(prompts(vendors))

        told = json.loads(await shell(CHANGE_CONTEXT, running, SESSION=session))
        await applied(1, running, session)
        await client.say("And when does it come?")
        await client.until("assistant: You said: And when does it come?")
        again = json.loads(await shell(CHANGE_WHAT_WAS_SEEN, running, SESSION=session))
        shown = await applied(2, running, session)
        ended = await shell(END, running, SESSION=session)
        async with asyncio.timeout(PATIENCE_S):
            status = await client.process.wait()

        assert not any(TOLD in prompt for prompt in prompts(vendors)[:before])
        assert any(TOLD in prompt for prompt in prompts(vendors)[before:])
        assert (told["version"], again["version"]) == (1, 2)
        assert (shown["session"], shown["own_version"]) == (session, 2)
        assert (shown["turn"], shown["user_name"]) == (2, running.user)
        assert (ended, status) == ("", 0)
    with wave.open(str(tmp_path / "heard.wav")) as heard:
        assert heard.getnframes() > 24_000


async def test_hanging_up_by_the_end_of_the_input_ends_the_client(
    postgres: None, redis: None, tmp_path: Path
):
    async with served(tmp_path) as (running, _), talking(running, tmp_path) as client:
        await client.until("session ")
        assert client.process.stdin
        client.process.stdin.close()

        async with asyncio.timeout(PATIENCE_S):
            assert await client.process.wait() == 0


async def test_what_is_seen_by_hand_is_what_the_page_says_and_what_the_schema_says(
    postgres: None, redis: None, tmp_path: Path
):
    """wscat itself is Node's; what it would print comes over the same socket."""
    typed = re.search(r"^> (.*)$", DOCUMENT, re.MULTILINE)
    lines = re.findall(r"^< (.*)$", DOCUMENT, re.MULTILINE)
    printed = [json.loads(line.replace(", …}", "}")) for line in lines]
    assert typed
    assert len(printed) == 4

    async with served(tmp_path) as (running, _):
        token = await asyncio.to_thread(running.token)
        async with (
            asyncio.timeout(PATIENCE_S),
            connect(f"{running.socket_url}/ws?token={token}", max_size=None) as socket,
        ):
            seen: list[dict[str, Any]] = [json.loads(await socket.recv())]
            await socket.send(typed[1])
            while seen[-1] != {"type": "status", "data": "complete"}:
                seen.append(json.loads(await socket.recv()))

    for line in printed:
        constant = {key: value for key, value in line.items() if value != "…"}.items()
        assert any(constant <= each.items() and line.keys() <= each.keys() for each in seen), line
    schemas = described()
    full = [each for each in seen if each["type"] in schemas]
    for each in full:
        jsonschema.validate(each, schemas[each["type"]])
    kinds = {each["type"] for each in full}
    assert kinds >= {"session", "state_change", "transcript_update", "reply_ended"}


def described() -> dict[str, Any]:
    """The schema of each message of the server, by its type."""
    document = yaml.safe_load((ROOT / "docs" / "asyncapi.yaml").read_text())
    names = [each["$ref"].split("/")[-1] for each in document["operations"]["tell"]["messages"]]
    payloads = [document["components"]["messages"][name]["payload"] for name in names]
    return {each["properties"]["type"]["const"]: each for each in payloads if "properties" in each}


def test_the_client_in_python_has_forty_lines():
    assert len([line for line in PYTHON.splitlines() if line.strip()]) <= 40


@pytest.mark.parametrize("language", ["sh", "python", "html"])
def test_the_document_has_code_to_run(language: str):
    assert blocks(language)
