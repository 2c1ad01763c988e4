"""The whole site on the real SDKs, which talk to simulated vendors that fail when told to."""

import asyncio
import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.network.client import Client, recording
from tests.serving import Site, site
from tests.simulators import tones
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.everybody import ORDINARY, Everybody, everybody
from tests.simulators.vendors import KEY

WORDS = list(tones.VOCABULARY[:15])
REPLY = " ".join(f"{' '.join(WORDS[at : at + 5])}." for at in range(0, 15, 5))
CHAINS = {
    "STT_CHAIN": "deepgram,assemblyai",
    "LLM_CHAIN": "groq,openai,gemini",
    "TTS_CHAIN": "cartesia,elevenlabs,openai",
}


@asynccontextmanager
async def served(
    folder: Path, conduct: Conduct = ORDINARY, **chains: str
) -> AsyncIterator[tuple[Site, Everybody]]:
    async with everybody(conduct, reply=lambda _: REPLY) as vendors:
        starting = site(folder, LOG_LEVEL="DEBUG", **(CHAINS | chains), **vendors.settings)
        running = await asyncio.to_thread(starting.__enter__)
        try:
            yield running, vendors
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)


async def providers(running: Site) -> dict[str, list[dict[str, Any]]]:
    def get() -> bytes:
        with urllib.request.urlopen(f"{running.url}/providers", timeout=10) as answer:
            return bytes(answer.read())

    return json.loads(await asyncio.to_thread(get))


def heard(client: Client, reply: int) -> list[str]:
    return tones.words(
        b"".join(pcm for _, number, _, pcm in client.audio if number == reply), 24_000
    )


async def connect(running: Site) -> Client:
    token = await asyncio.to_thread(running.token)
    return Client(f"{running.socket_url}/voice/new?token={token}")


async def test_the_first_of_each_chain_serves_and_is_named(postgres, redis, tmp_path):
    async with served(tmp_path) as (running, _), await connect(running) as client:
        session = await client.until("session")
        await client.speak(recording("question_02.wav"))
        await client.be_silent(1.0)
        metrics = await client.until("turn_metrics", reply=1)
        await client.until("reply_ended", reply=1)

        assert session["providers"] == {
            "stt": ["deepgram", "assemblyai"],
            "llm": ["groq", "openai", "gemini"],
            "tts": ["cartesia", "elevenlabs", "openai"],
            "search": ["tavily"],
        }
        assert metrics["providers"] == {"stt": "deepgram", "llm": "groq", "tts": "cartesia"}
        assert heard(client, 1) == WORDS


async def test_who_breaks_off_in_the_middle_is_followed_by_the_next_and_no_word_is_lost(
    postgres, redis, tmp_path
):
    async with served(tmp_path) as (running, vendors), await connect(running) as client:
        await client.until("session")
        broken = replace(ORDINARY, fault=Fault.DROP)  # so early that a probe fails as well
        for name in (("llm", "groq"), ("tts", "cartesia")):
            await vendors.by_name[name].behave(broken)
        for turn in (1, 2):
            await client.say("text", text="say the words")
            await client.until("reply_ended", reply=turn)

        assert [heard(client, reply) for reply in (1, 2)] == [WORDS, WORDS]
        shown = await providers(running)
        for stage in ("llm", "tts"):
            assert [member["state"] == "closed" for member in shown[stage]] == [False, True, True]
        assert client.of("error") == client.of("notice") == []


async def test_a_key_that_is_refused_is_said_in_the_log_and_nowhere_shown(
    postgres, redis, tmp_path
):
    chains = {"STT_CHAIN": "deepgram,offline", "LLM_CHAIN": "groq,offline", "TTS_CHAIN": "offline"}
    async with (
        served(tmp_path, Conduct(Fault.UNAUTHORISED), **chains) as (running, _),
        await connect(running) as client,
    ):
        await client.until("session")
        await client.say("text", text="what time is it")
        metrics = await client.until("turn_metrics", reply=1)
        shown = await providers(running)
    log = running.log.read_text()

    assert metrics["providers"]["llm"] == "offline"
    assert "check GROQ_API_KEY" in log
    assert "check DEEPGRAM_API_KEY" in log
    assert KEY not in log + json.dumps(shown) + json.dumps(client.messages)


async def test_what_is_to_be_looked_up_is_searched_for_read_out_and_cited(
    postgres, redis, tmp_path
):
    async with (
        served(tmp_path, LLM_CHAIN="offline") as (running, vendors),
        await connect(running) as client,
    ):
        await client.until("session")
        await client.say("text", text="Please look up the price of tea.")
        ended = await client.until("reply_ended", reply=1)

        assert ended["heard_text"] == (
            "example.org says: What is known about the price of tea, part 1."
        )
        assert [source["url"] for source in ended["sources"]] == [
            f"https://example.org/{number}" for number in range(1, 6)
        ]
        [asked] = vendors.by_name["search", "tavily"].asked
        assert asked.json["query"] == "the price of tea"
