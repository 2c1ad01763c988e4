"""Whatever comes in gets the answer that docs/protocol.md gives, and the session lives on."""

import contextlib
import json
import os
import random
import uuid

import pytest
from websockets.exceptions import ConnectionClosed

from tests.network.client import Client


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (b"", "empty_audio"),
        (b"abc", "odd_audio"),
        (bytes(1024 * 1024), "oversized_audio"),
        ("{", "not_json"),
        ("", "not_json"),
        ('{"type": "dance"}', "unknown_type"),
        (json.dumps({"type": "text", "text": "x" * 1_000_000}), "oversized_text"),
    ],
    ids=["empty", "odd", "1 MiB of sound", "broken JSON", "no JSON", "unknown", "1 MB of text"],
)
async def test_a_malformed_message_gets_an_error_and_the_session_lives_on(
    served, token, frame, code
):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.until("session")
        await client.socket.send(frame)

        error = await client.until("error")

        assert error["code"] == code
        assert error["message"]
        assert error["retryable"] is False
        await client.say("ping", t=1)
        await client.until("pong")


async def test_random_bytes_are_only_noise(served, token):
    chance = random.Random(7)
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.until("session")
        for _ in range(40):
            await client.socket.send(os.urandom(2 * chance.randint(1, 2000)))

        await client.say("ping", t=2)
        await client.until("pong")
        assert client.of("error") == []


async def test_more_than_twenty_malformed_messages_close_with_1008(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.until("session")
        for _ in range(25):
            await client.socket.send("{")

        assert await client.until_closed() == 1008
        assert client.of("error")[-1]["code"] == 1008
        assert len(client.of("error")) == 21


async def test_a_message_above_2_mib_closes_with_1009_and_without_a_word(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.until("session")
        await client.socket.send(bytes(2 * 1024 * 1024 + 2))

        assert await client.until_closed() == 1009
        assert client.of("error") == []


async def refused(url: str, **connecting: object) -> tuple[int, dict[str, object]]:
    """The close code, and the error before it."""
    async with Client(url, **connecting) as client:
        code = await client.until_closed()
        assert [m["type"] for m in client.messages if m["type"] != "status"] == ["error"]
        return code, client.of("error")[0]


async def test_an_id_that_is_no_uuid_is_refused(served, token):
    code, error = await refused(f"{served.socket_url}/voice/mine?token={token}")

    assert code == error["code"] == 4403


async def test_somebody_elses_conversation_is_refused(served, token, friends_token):
    conversation = str(uuid.uuid4())
    async with Client(f"{served.socket_url}/voice/{conversation}?token={token}") as hers:
        await hers.until("session")

        code, _ = await refused(f"{served.socket_url}/voice/{conversation}?token={friends_token}")

        assert code == 4403
        assert hers.close_code is None
        await hers.say("end")
        await hers.until_closed()
    assert (await refused(f"{served.socket_url}/voice/{conversation}?token={friends_token}"))[
        0
    ] == 4403


async def test_an_agent_that_is_not_there_is_refused(served, token):
    code, error = await refused(f"{served.socket_url}/voice/new?token={token}&agent=nobody")

    assert code == 4404
    assert "nobody" in str(error["message"])


async def test_an_agent_that_no_database_could_hold_is_refused_likewise(served, token):
    code, error = await refused(f"{served.socket_url}/voice/new?token={token}&agent=%00")

    assert code == error["code"] == 4404


async def test_nobody_gets_in_without_a_login(served):
    code, error = await refused(f"{served.socket_url}/voice/new", origin=served.url)

    assert code == 4401
    assert "log in" in str(error["message"])


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "%00"])
async def test_a_wrong_token_is_refused(served, token):
    assert (await refused(f"{served.socket_url}/voice/new?token={token}"))[0] == 4401


@pytest.mark.parametrize("origin", ["https://evil.example", None])
async def test_a_cookie_counts_only_from_a_page_of_this_site(served, origin):
    code, _ = await refused(f"{served.socket_url}/voice/new", origin=origin)

    assert code == 4403


async def test_a_simple_client_is_told_why_it_was_refused(served):
    code, error = await refused(f"{served.socket_url}/ws?token=nonsense")

    assert code == 4401
    assert error["data"] == error["message"]


@pytest.mark.parametrize("query", ["rate=12345", "rate=fast", "audio=opus"])
async def test_a_wrong_parameter_is_named(served, token, query):
    code, error = await refused(f"{served.socket_url}/voice/new?token={token}&{query}")

    assert code == 1008
    assert query.split("=")[0] in str(error["message"])


async def test_bad_input_leaves_one_line_in_the_log_and_no_traceback(served, token):
    before = len(served.log.read_text())

    await refused(f"{served.socket_url}/voice/mine?token={token}")

    lines = [json.loads(line) for line in served.log.read_text()[before:].splitlines()]
    assert [line["event"] for line in lines] == ["socket.refused"]
    assert "Traceback" not in served.log.read_text()


async def test_who_sends_faster_than_anybody_speaks_is_closed_with_4429(served, token):
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.until("session")
        with contextlib.suppress(ConnectionClosed):
            for _ in range(2_000):
                await client.socket.send(bytes(640))

        assert await client.until_closed() == 4429
        assert client.of("error")[-1]["retry_after_s"] > 0
