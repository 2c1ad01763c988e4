"""Whether our own sound is in the microphone, and what the page does about it."""

import pytest

from tests.browser.conftest import OpenTalk
from tests.browser.room import Room
from tests.browser.scripted import ScriptedServer
from tests.browser.talk import Talk

NO_LOOP = {
    "there is none": "delete window.RTCPeerConnection",
    "it never connects": "RTCPeerConnection.prototype.addIceCandidate = async () => undefined",
}


def in_a_room(
    open_talk: OpenTalk,
    *,
    echo_db: float | None,
    accepts: list[str] | None = None,
    before: str = "",
) -> tuple[Talk, Room, ScriptedServer]:
    talk = open_talk()
    room = Room(talk.page, echo_db=echo_db)
    if before:
        talk.page.add_init_script(before)
    server = ScriptedServer(talk.page, accepts=accepts)
    talk.load().start().wait_for_state("listening")
    return talk, room, server


def test_in_headphones_no_echo_is_heard_and_the_sound_goes_straight(open_talk: OpenTalk) -> None:
    talk, _, server = in_a_room(open_talk, echo_db=None, accepts=["echo"])
    server.reply(1, 6.0)

    talk.until("it is decided", lambda: talk.announced("echo"), timeout_s=12)

    assert talk.announced("echo")[0]["heard"] is False
    assert talk.announced("path") == []
    assert [message["heard"] for message in server.got("echo")] == [False]


def test_our_own_sound_in_the_microphone_sends_the_sound_through_a_loop(
    open_talk: OpenTalk,
) -> None:
    talk, room, server = in_a_room(open_talk, echo_db=-12)

    talk.until("the sound goes another way", lambda: talk.announced("path"))
    echo = talk.announced("echo")[0]
    assert echo["heard"] is True
    assert echo["path"] == "direct"
    assert echo["level_db"] == pytest.approx(-12, abs=3)
    assert talk.announced("path")[0]["path"] == "loop"
    assert server.got("echo") == []  # a server that did not ask for it gets an unknown message

    server.reply(1, 5.0)
    talk.until("the reply comes out of the loop", lambda: room.loop_level_db() > -30)


def test_behind_the_loop_a_voice_makes_the_reply_soft_and_a_key_silent_at_once(
    open_talk: OpenTalk,
) -> None:
    talk, room, server = in_a_room(open_talk, echo_db=-12)
    talk.until("the sound goes another way", lambda: talk.announced("path"))
    server.reply(1, 9.0)
    talk.until("the reply is heard", lambda: len(talk.announced("speaker")) > 30)

    room.speak(0.3)
    talk.until("it is soft", lambda: room.volume == pytest.approx(0.1))
    talk.until("it is loud again", lambda: room.volume == 1)
    talk.page.keyboard.press("Escape")
    assert room.volume == 0
    talk.until("the next can be heard", lambda: room.volume == 1)


@pytest.mark.parametrize("why", NO_LOOP)
def test_without_a_loop_the_sound_goes_straight_on(open_talk: OpenTalk, why: str) -> None:
    talk, _, server = in_a_room(open_talk, echo_db=-12, before=NO_LOOP[why])
    talk.until("the echo is heard", lambda: talk.announced("echo"))

    server.reply(1, 3.5)

    talk.until("it is heard to its end", lambda: talk.announced("stopped"))
    assert server.got("playback")[-1]["played_ms"] == 3500
    assert talk.announced("path") == []
