"""The same work by a pass-through that is told when the turn ends: what no system gets below
without speculation. It has no VAD, no memory and no interruption."""

import asyncio
import json
import re
import uuid
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from bench.latency.talking import FRAME_BYTES, FRAME_S
from bench.latency.vendors import KEY, Vendors
from bench.speech.clips import BYTES_PER_S, Clip

HEARD_S = 1.0
"""Of a recording, before its end, is played to the ear."""
PATIENCE_S = 5.0
CLAUSE = re.compile(r"[,;:.!?]$")


@dataclass
class OracleFigures:
    tokens_ms: list[float] = field(default_factory=list)
    clauses_ms: list[float] = field(default_factory=list)
    known_ms: list[float] = field(default_factory=list)
    """From the end of speech, if the transcript were known then; tokens to the voice."""


async def oracle(vendors: Vendors, clips: list[Clip]) -> OracleFigures:
    figures = OracleFigures()
    async with (
        httpx.AsyncClient(base_url=vendors.mind, trust_env=False) as mind,
        connect(f"{vendors.ear.replace('http', 'ws')}/v1/listen", compression=None) as ear,
        connect(f"{vendors.voice.replace('http', 'ws')}/tts/websocket", compression=None) as voice,
    ):
        await _answer(mind, voice, "warm up", by_clause=False)
        for clip in clips:
            for by_clause, found in ((False, figures.tokens_ms), (True, figures.clauses_ms)):
                await vendors.expect(clip.file)
                ended_at, text = await _hear(ear, clip)
                found.append((await _answer(mind, voice, text, by_clause) - ended_at) * 1000)
            began_at = asyncio.get_running_loop().time()
            known_at = await _answer(mind, voice, clip.text, by_clause=False)
            figures.known_ms.append((known_at - began_at) * 1000)
    return figures


async def _hear(ear: ClientConnection, clip: Clip) -> tuple[float, str]:
    """When its speech ended, and its final transcript once that is there."""
    now = asyncio.get_running_loop().time
    from_byte = max(0, int((clip.end_s - HEARD_S) * BYTES_PER_S)) // 2 * 2
    pcm = clip.pcm[from_byte : int(clip.end_s * BYTES_PER_S) // 2 * 2]
    started = now()
    for index, at in enumerate(range(0, len(pcm), FRAME_BYTES)):
        await asyncio.sleep(max(0.0, started + (index + 1) * FRAME_S - now()))
        await ear.send(pcm[at : at + FRAME_BYTES])
    ended_at = started + len(pcm) / BYTES_PER_S
    await ear.send(json.dumps({"type": "Finalize"}))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message: dict[str, Any] = json.loads(await ear.recv())
            if message["from_finalize"]:
                return ended_at, message["channel"]["alternatives"][0]["transcript"]


async def _answer(
    mind: httpx.AsyncClient, voice: ClientConnection, text: str, by_clause: bool
) -> float:
    """When the first sound of an answer is there."""
    context = uuid.uuid4().hex
    speaking = asyncio.create_task(_say(mind, voice, context, text, by_clause))
    first_at = 0.0
    async with asyncio.timeout(PATIENCE_S):
        while True:
            message = json.loads(await voice.recv())
            if message["context_id"] != context:
                continue
            if message["type"] == "chunk" and any(b64decode(message["data"])):
                first_at = first_at or asyncio.get_running_loop().time()
            elif message["type"] == "done":
                await speaking
                return first_at


async def _say(
    mind: httpx.AsyncClient, voice: ClientConnection, context: str, text: str, by_clause: bool
) -> None:
    held = ""
    async for token in _tokens(mind, text):
        held += token
        if not by_clause or CLAUSE.search(held):
            await voice.send(_request(context, held, more=True))
            held = ""
    await voice.send(_request(context, held, more=False))


async def _tokens(mind: httpx.AsyncClient, text: str) -> AsyncIterator[str]:
    request = {"stream": True, "messages": [{"role": "user", "content": text}]}
    headers = {"Authorization": f"Bearer {KEY}"}
    async with mind.stream("POST", "/chat/completions", json=request, headers=headers) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                delta = json.loads(line.removeprefix("data: "))["choices"][0]["delta"]
                if content := delta.get("content"):
                    yield content


def _request(context: str, text: str, *, more: bool) -> str:
    return json.dumps({"context_id": context, "transcript": text, "continue": more})
