"""The log and the trace of a whole conversation on the real SDKs: whose each line is, and no word
of what was said."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.network.client import Client, recording
from tests.serving import Site, site
from tests.simulators.conduct import Fault
from tests.simulators.everybody import ORDINARY, everybody
from tests.simulators.vendors import KEY
from tests.voice.telemetry.collector import Collector

ASKED, ANSWERED, REMEMBERED, TERM = "Zwetschgenkuchen", "Mirabellengeist", "Brombeerfeld", "Quitte"
AGENT_HEARS = f"""
from conversations.models import User
User.objects.update(key_terms="{TERM}")
"""
CHAINS = {
    "STT_CHAIN": "deepgram,assemblyai",
    "LLM_CHAIN": "groq,openai,gemini",
    "TTS_CHAIN": "cartesia,elevenlabs,openai",
}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


def remembers(messages: list[dict[str, str]]) -> list[tuple[str, dict[str, object]]]:
    asked = messages[-1]["role"] == "user"
    return [("remember", {"fact": f"likes {REMEMBERED}"})] if asked else []


def get(url: str) -> None:
    with urllib.request.urlopen(url, timeout=10) as answer:
        answer.read()


def log(of: Site) -> list[dict[str, Any]]:
    return [json.loads(line) for line in of.log.read_text().splitlines() if line.startswith("{")]


async def converse(running: Site, vendors: Any, client: Client) -> None:
    """Typed, spoken, with a tool, and with providers that fail in every manner."""
    await client.until("session")
    await client.say("text", text=f"Where is my {ASKED}?")
    await client.until("reply_ended", reply=1)
    await client.speak(recording("question_02.wav"))
    await client.be_silent(1.0)
    await client.until("reply_ended", reply=2)
    for number, fault in enumerate((Fault.DROP, Fault.GARBAGE, Fault.UNAUTHORISED), 3):
        for name in (("llm", "groq"), ("tts", "cartesia"), ("stt", "deepgram")):
            await vendors.by_name[name].behave(replace(ORDINARY, fault=fault))
        await client.say("text", text=f"And the {ASKED}?")
        await client.until("reply_ended", reply=number)
    await asyncio.to_thread(get, f"{running.url}/conversations/?q={ASKED}")
    await client.say("end")
    await client.until_closed()


async def test_no_word_that_was_said_and_no_key_leaves_in_the_log_or_the_trace(
    postgres, redis, tmp_path, collector
):
    tells = {"LOG_LEVEL": "INFO", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url}
    async with everybody(ORDINARY, reply=lambda _: f"Your {ANSWERED}.", calls=remembers) as vendors:
        starting = site(tmp_path, **tells, **CHAINS, **vendors.settings)
        running = await asyncio.to_thread(starting.__enter__)
        try:
            await asyncio.to_thread(running.manage, "shell", "-c", AGENT_HEARS)
            token = await asyncio.to_thread(running.token)
            url = f"{running.socket_url}/voice/new?token={token}"
            async with Client(url, additional_headers={"X-Request-ID": "call-1"}) as client:
                await converse(running, vendors, client)
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)

    told = running.log.read_text() + str(collector.requests)
    said = client.of("transcript_update")
    spoken = {m["text"] for m in said if m["role"] == "user" and len(m["text"].split()) > 1}
    secrets = (ASKED, ANSWERED, REMEMBERED, TERM, KEY, token, running.password, *spoken)
    assert [secret for secret in secrets if secret in told] == []
    assert any(ANSWERED in m["text"] for m in said)  # it was said, all the same
    _check_ids(log(running), client)
    _check_spans(collector, client)


def _check_ids(logged: list[dict[str, Any]], client: Client) -> None:
    [session] = client.of("session")
    ours = {"conversation": session["conversation"], "session": session["session"]}
    turns = [line for line in logged if line["event"] == "turn.done"]
    assert [(line["turn"], line["reply"]) for line in turns] == [(n, n) for n in range(1, 6)]
    told = ("turn.done", "session.ended", "provider.handed_on")
    of_session = [line for line in logged if line["event"] in told]
    assert {line["event"] for line in of_session} == set(told)
    for line in of_session:
        assert ours.items() <= line.items(), line
        assert isinstance(line["user"], int)
    handed_on = [line for line in logged if line["event"] == "provider.handed_on"]
    assert {line["turn"] for line in handed_on if "turn" in line} <= {3, 4, 5}
    assert all("error" in line for line in handed_on)


def _check_spans(collector: Collector, client: Client) -> None:
    """The last of them were sent while the process ended."""
    [session] = client.of("session")
    names = [span.name for span in collector.spans]
    assert {span.trace_id.hex() for span in collector.spans} == {
        session["session"].replace("-", "")
    }
    assert names.count("conversation assistant") == 1
    assert names.count("invoke_agent assistant") == 5
    assert "execute_tool remember" in names
