"""How soon an answer is heard that was given before, against one that the model has to write.

Over the wire, on a real site and simulated vendors that are about as fast as theirs (a first item
after 200 ms, in each stage). Typed, nothing is begun before the turn is certain, so all of the
look-up counts. Spoken, the look-up begins with the words, and what counts is from the moment at
which the turn is known to be over. Each time in a conversation of its own, with the sound kept and
without.
Usage: python -m bench.repeats [conversations]
"""

import asyncio
import os
import sys
import time

import numpy as np
import psycopg

from bench.figures import summary
from bench.servers import measured_site, wait_until_warm
from tests.network.client import Client, recording
from tests.serving import Site
from tests.simulators.everybody import everybody
from tests.simulators.model import Messages

CHAINS = {"STT_CHAIN": "deepgram", "LLM_CHAIN": "groq", "TTS_CHAIN": "cartesia"}
QUESTIONS = ("What is the capital of France?", "what's the capital of France")
HEARD = (*QUESTIONS[1].split(), *[""] * 100)
"""By the simulated ear, whatever is said."""
RECORDING, GAIN = "question_11.wav", 6
"""As long, and as loud, as those words take that ear."""
NEW = "How many moons has planet number {}?"
AT_REST_S = 0.5
"""What is done in the background about the conversation before is over by then."""
ANSWER = "The capital of France is Paris. It lies on the Seine."
OTHER = "It has two moons, and both of them are small."
"""To all else: where France was spoken of before, a question about it is not the world's alone."""


def answer(messages: Messages) -> str:
    return ANSWER if "capital" in messages[-1]["content"] else OTHER


async def heard_after_ms(url: str, question: str) -> tuple[float, str]:
    """From sending the question to the first sound of the reply, and where that came from."""
    async with Client(url) as client:
        await client.until("session")
        await asyncio.sleep(AT_REST_S)
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        await client.say("text", text=question)
        await client.see(lambda: bool(client.audio), "sound")
        first_at = client.audio[0][0]
        started = await client.until("reply_started")
        await played(client)
        await client.say("end")
        await client.until_closed()
        return (first_at - asked_at) * 1000, str(started["source"])


async def heard_aloud_after_ms(url: str) -> tuple[float, str]:
    """The same for the question spoken: from its last caption to the first sound of the reply."""
    async with Client(url) as client:
        await client.until("session")
        await asyncio.sleep(AT_REST_S)
        loop = asyncio.get_running_loop()
        await client.speak(louder(recording(RECORDING)))
        silence = asyncio.create_task(client.be_silent(10.0))
        await client.until("transcript_update", role="user", is_final=True)
        known_at = loop.time()
        await client.see(lambda: bool(client.audio), "sound")
        first_at = client.audio[0][0]
        started = await client.until("reply_started")
        silence.cancel()
        await played(client)
        await client.say("end")
        await client.until_closed()
        return (first_at - known_at) * 1000, str(started["source"])


def louder(pcm: bytes) -> bytes:
    samples = np.frombuffer(pcm, "<i2").astype(np.int32) * GAIN
    return np.clip(samples, -32768, 32767).astype("<i2").tobytes()


async def played(client: Client) -> None:
    """Hear the reply to its end, faster than it is spoken."""
    while not client.of("reply_ended"):
        samples = sum(len(pcm) // 2 for _, _, _, pcm in client.audio)
        await client.say("playback", reply=1, played_ms=samples / 24)
        await asyncio.sleep(0.02)


def forget_sound(site: Site) -> None:
    with psycopg.connect(site.database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM conversations_cachedaudio")


async def measure(site: Site, url: str, count: int) -> None:
    by_model = [await heard_after_ms(url, NEW.format(n)) for n in range(100, 100 + count // 4)]
    await heard_after_ms(url, QUESTIONS[0])
    repeated = [await heard_after_ms(url, QUESTIONS[n % 2]) for n in range(count)]
    await heard_aloud_after_ms(url)
    spoken = [await heard_aloud_after_ms(url) for _ in range(count)]
    voiced = []
    for n in range(count // 4):
        await asyncio.to_thread(forget_sound, site)
        voiced.append(await heard_after_ms(url, QUESTIONS[n % 2]))
    report("written by the model", by_model, "model")
    report("given before, its sound kept", repeated, "cache")
    report("the same, asked aloud", spoken, "cache")
    report("given before, voiced anew", voiced, "cache")
    late = [line for line in site.log.read_text().splitlines() if "recall.left_out" in line]
    print(f"looked up too late: {sum('answer' in line for line in late)}")


def report(name: str, figures: list[tuple[float, str]], wanted: str) -> None:
    times = [ms for ms, source in figures if source == wanted]
    print(summary(name, times))
    if others := len(figures) - len(times):
        print(f"  and {others} from elsewhere: {[round(ms) for ms, s in figures if s != wanted]}")


async def main(count: int) -> None:
    async with everybody(reply=answer, human=HEARD) as vendors:
        serving = measured_site(**CHAINS, **vendors.settings)
        site = await asyncio.to_thread(serving.__enter__)
        try:
            await asyncio.to_thread(wait_until_warm, site)
            token = await asyncio.to_thread(site.token)
            await measure(site, f"{site.socket_url}/voice/new?token={token}", count)
        finally:
            await asyncio.to_thread(serving.__exit__, None, None, None)


if __name__ == "__main__":
    os.environ.setdefault("LOG_LEVEL", "INFO")
    began = time.monotonic()
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
    print(f"{time.monotonic() - began:.0f} s")
