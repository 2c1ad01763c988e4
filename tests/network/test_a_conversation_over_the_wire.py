import asyncio
import uuid
from typing import Any

from tests.network.client import Client, recording

ASKED_AT_MOST = 4


async def ask(client: Client) -> dict[str, Any]:
    """Returns what was understood. A busy machine may keep the ear from answering in the time that
    it has: nothing was heard then, and whoever asked asks again."""

    def heard() -> list[dict[str, Any]]:
        return [m for m in client.of("transcript_update") if m["role"] == "user" and m["is_final"]]

    for times in range(1, ASKED_AT_MOST + 1):
        await client.speak(recording("question_02.wav"))
        await client.be_silent(1.0)
        await client.see(lambda n=times: len(heard()) >= n, "what was understood")
        if heard()[-1]["text"]:
            break
    return heard()[-1]


async def test_a_spoken_question_is_heard_and_answered_aloud(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        final = await ask(client)
        started = await client.until("reply_started", reply=1)
        await client.until("turn_metrics", reply=1)
        await client.see(lambda: len(client.audio) > 30, "a second of sound")
        await client.say("interrupt")
        ended = await client.until("reply_ended", reply=1)

        assert final["text"]
        assert (started["turn"], started["source"]) == (final["turn"], "model")
        assert ended["heard_text"]
        position = 0
        for _, reply, sample, pcm in client.audio:
            assert (reply, sample) == (1, position)
            position += len(pcm) // 2


async def test_the_voice_may_be_interrupted_and_says_so_first(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.say("text", text="What can you do?")
        await client.until("reply_started", reply=1)
        await client.speak(recording("question_02.wav"))

        await client.until("interrupted", reply=1)
        ended = await client.until("reply_ended", reply=1)

        assert ended["interrupted"]
        kinds = [m["type"] for m in client.messages if m.get("reply") == 1]
        assert kinds.index("interrupted") < kinds.index("reply_ended")


async def test_hanging_up_closes_with_1000_and_without_an_error(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.until("session")
        await client.say("end")

        assert await client.until_closed() == 1000
        assert client.of("error") == []


async def test_the_path_may_end_in_a_slash_and_the_id_may_be_ones_own(served, token):
    wanted = str(uuid.uuid4())

    async with Client(f"{served.socket_url}/voice/{wanted}/?token={token}") as client:
        session = await client.until("session")

    assert session["conversation"] == wanted
    assert session["output_hz"] == 24000


async def test_a_bearer_may_come_in_a_header(served, token):
    headers = {"Authorization": f"Bearer {token}"}

    async with Client(f"{served.socket_url}/voice/new", additional_headers=headers) as client:
        await client.until("session")


async def test_other_rates_are_resampled(served, token):
    url = f"{served.socket_url}/voice/new?token={token}&rate=8000"
    async with Client(url) as client:
        session = await client.until("session")
        every_second = b"".join(
            recording("question_02.wav")[i : i + 2]
            for i in range(0, len(recording("question_02.wav")), 4)
        )
        for start in range(0, len(every_second), 1600):
            await client.socket.send(every_second[start : start + 1600])
            await asyncio.sleep(0.1)  # as long as it takes to speak

        assert session["input_hz"] == 8000
        stopped = await client.until("vad_status", speaking=False)
        assert 8000 * 1.5 < stopped["sample"] < 8000 * 3.2


async def test_ping_is_answered_with_the_same_t(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.say("ping", t=123.4)

        assert (await client.until("pong"))["t"] == 123.4


async def test_a_simple_client_talks_json_only(served, token):
    async with Client(f"{served.socket_url}/ws?token={token}") as client:
        await client.until("status", data="connected")
        await client.say("text", text="hello")
        await client.until("status", data="generating")
        await client.until("status", data="complete")

        transcript = await client.until("transcript")
        assert transcript["data"] == {"text": "hello", "is_final": True}
        assert "".join(m["data"] for m in client.of("text_chunk"))
        assert all({"reply", "sample", "data"} <= m.keys() for m in client.of("audio"))
        assert client.of("audio")
        assert client.audio == []
