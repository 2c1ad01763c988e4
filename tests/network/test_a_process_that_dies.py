"""kill -9 in mid-call: no finished turn is lost, and the conversation can go on or is marked."""

from tests.network.client import Client
from tests.network.kept import stored, until_stored
from tests.serving import site

UTTERANCES = "SELECT role, text FROM conversations_turn ORDER BY id"
STATES = "SELECT state FROM conversations_conversation"


async def test_no_finished_turn_is_lost_and_the_conversation_is_marked_as_broken_off(
    kept, tmp_path
):
    short = {"RESUME_WINDOW_S": "1"}
    with site(tmp_path, on_database=kept, **short) as first:
        async with Client(f"{first.socket_url}/voice/new?token={first.token()}") as client:
            await client.say("text", text="hello")
            ended = await client.until("reply_ended", reply=1)
            await client.say("text", text="What can you do?")
            await client.until("reply_started", reply=2)
            said = [
                ("user", "hello"),
                ("assistant", ended["heard_text"]),
                ("user", "What can you do?"),
            ]
            await until_stored(kept, UTTERANCES, said)  # while the call goes on
            first.process.kill()
            await client.until_closed()

    with site(tmp_path, on_database=kept, **short):
        await until_stored(kept, STATES, [("broken_off",)])

    assert stored(kept, UTTERANCES) == said


async def test_another_process_goes_on_with_what_was_being_said(kept, tmp_path):
    with site(tmp_path, on_database=kept) as first:
        token = first.token()
        async with Client(f"{first.socket_url}/voice/new?token={token}") as client:
            conversation = (await client.until("session"))["conversation"]
            await client.say("text", text="What can you do?")
            await client.until("reply_started", reply=1)
            await client.see(lambda: len(client.audio) > 20, "some of the reply")
            first.process.kill()
            await client.until_closed()

    with site(tmp_path, on_database=kept) as second:
        url = f"{second.socket_url}/voice/{conversation}?token={token}"
        async with Client(url) as client:
            session = await client.until("session")
            await client.say("playback", reply=1, played_ms=800)
            started = await client.until("reply_started", reply=2)

    assert session["resumed"] is True
    assert (started["source"], started["resumes"], started["turn"]) == ("resumed", 1, 1)
