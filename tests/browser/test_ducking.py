"""Speaking over a reply, before the (scripted) server has said a word about it."""

from tests.browser.conftest import OpenTalk
from tests.browser.room import Room
from tests.browser.scripted import ScriptedServer
from tests.browser.talk import Talk

DUCKED_DB = 18


def under_a_reply(open_talk: OpenTalk) -> tuple[Talk, Room, ScriptedServer]:
    """A call in which a reply has been playing for a while, in headphones."""
    talk = open_talk()
    room = Room(talk.page)
    server = ScriptedServer(talk.page)
    talk.load().start().wait_for_state("listening")
    server.reply(1, 9.0)
    talk.until("the reply is heard", lambda: len(talk.announced("speaker")) > 30)
    return talk, room, server


def ducked(talk: Talk) -> list[bool]:
    return [event["ducked"] for event in talk.announced("ducked")]


def level_db(talk: Talk) -> float:
    return float(talk.announced("speaker")[-1]["level_db"])


def test_a_voice_over_a_reply_makes_it_soft_without_the_server_and_only_for_half_a_second(
    open_talk: OpenTalk,
) -> None:
    talk, room, server = under_a_reply(open_talk)
    loud_db = level_db(talk)

    onset_s = room.speak(0.3)

    talk.until("it is soft", lambda: level_db(talk) < loud_db - DUCKED_DB)
    talk.until("it is loud again", lambda: level_db(talk) > loud_db - 0.5)
    soft, loud = talk.announced("ducked")
    assert (soft["ducked"], loud["ducked"]) == (True, False)
    # How fast exactly is for the bench to say, on a machine that does nothing else.
    assert 0 < soft["time_s"] - onset_s < 0.3
    assert 0.4 < loud["time_s"] - soft["time_s"] < 0.52
    assert server.got("interrupt") == []


def test_the_server_keeps_a_duck_and_lifts_it_and_the_same_voice_does_not_duck_again(
    open_talk: OpenTalk,
) -> None:
    talk, room, server = under_a_reply(open_talk)

    room.speak(3.0)
    talk.until("it is soft", lambda: ducked(talk) == [True])
    server.say("duck", reply=1)
    talk.pause(0.8)
    assert ducked(talk) == [True]
    assert talk.page.get_attribute("#talk", "data-ducked") == "true"
    server.say("unduck", reply=1)

    talk.until("it is loud again", lambda: ducked(talk) == [True, False])
    talk.pause(0.8)
    assert ducked(talk) == [True, False]
    assert talk.page.get_attribute("#talk", "data-ducked") == "false"


def test_an_interruption_after_a_duck_silences_the_reply_and_late_audio_of_it(
    open_talk: OpenTalk,
) -> None:
    talk, room, server = under_a_reply(open_talk)
    room.speak(0.3)
    talk.until("it is soft", lambda: ducked(talk) == [True])

    server.say("interrupted", reply=1)
    talk.until("it has stopped", lambda: talk.announced("stopped"))
    heard = len(talk.announced("speaker"))
    server.reply(1, 2.0, start_s=9.0)
    talk.pause(0.5)
    assert len(talk.announced("speaker")) <= heard + 1

    server.reply(2, 0.5, turn=2)
    talk.until("the next is heard", lambda: len(talk.announced("audible")) == 2)
    talk.until("in full", lambda: level_db(talk) > -20)


def test_typing_silences_the_reply_at_once(open_talk: OpenTalk) -> None:
    talk, _, server = under_a_reply(open_talk)

    talk.type("Never mind.")

    talk.until("it has stopped", lambda: talk.announced("stopped"))
    assert server.typed() == ["Never mind."]
    assert server.got("playback")[-1]["played_ms"] < 9000
