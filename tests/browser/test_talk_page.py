"""The talk page against a scripted server: what a person sees, hears and can do."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenTalk
from tests.browser.recordings import SPEECH
from tests.browser.scripted import CONVERSATION, ScriptedServer
from tests.browser.talk import Talk

CLOUD = {"stt": ["deepgram", "offline"], "llm": ["offline"], "tts": ["offline"], "search": []}
QUESTION = SPEECH / "question_02.wav"
GOOD = {"snr_db": 31.0, "peak_dbfs": -9.0, "rms_dbfs": -27.0, "clipping": 0.0, "quality": 95}
"""A microphone's second."""


def in_a_call(open_talk: OpenTalk, **options: object) -> tuple[Talk, ScriptedServer]:
    talk = open_talk(QUESTION, **options)
    server = ScriptedServer(talk.page)
    talk.load().start().wait_for_state("listening")
    return talk, server


def test_one_click_leads_to_a_microphone_that_is_heard(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)

    talk.until("frames of the microphone arrive", lambda: len(server.frames) > 25)

    assert {len(frame) for frame in server.frames} == {640}
    assert server.socket.url.endswith("/voice/new/")
    assert talk.state == "Listening"


def test_captions_are_provisional_then_final_and_vanish_when_there_were_no_words(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)

    server.caption("user", "what is", final=False)
    talk.until(
        "the caption is provisional", lambda: talk.page.locator(".utterance--provisional").count()
    )
    server.caption("user", "What is this?")
    server.caption("user", "uh", turn=2, final=False)
    talk.until("both are there", lambda: talk.captions() == ["What is this?", "uh"])
    server.caption("user", "", turn=2)
    talk.until("the empty one is gone", lambda: talk.captions() == ["What is this?"])

    assert talk.page.locator(".utterance--provisional").count() == 0
    assert talk.page.inner_text("#announcer") == "You: What is this?"


def test_the_words_of_a_reply_appear_one_by_one_and_those_that_stand_there_stay(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    server.caption("assistant", "There are", reply=1, final=False)
    talk.until("the first words are there", lambda: talk.captions() == ["There are"])
    first = talk.page.locator(".utterance__text span").first.element_handle()

    server.caption("assistant", "There are four tracks", reply=1, final=False)
    talk.until("more words are there", lambda: talk.captions() == ["There are four tracks"])
    assert first.evaluate("span => span.isConnected && span.textContent") == "There are"
    assert talk.page.inner_text("#announcer") == ""

    server.caption("assistant", "There were", reply=1, final=False)
    talk.until("another text takes their place", lambda: talk.captions() == ["There were"])
    server.say("reply_ended", reply=1, turn=1, interrupted=True, heard_text="There were")
    talk.until("it is cut", lambda: talk.page.locator(".utterance--cut").count())
    assert talk.captions() == ["There were"]
    assert talk.page.inner_text("#announcer") == "Assistant: There were"


def test_what_a_reply_rests_on_stands_below_it_as_links_and_does_nothing_else(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    server.caption("assistant", "It is hot.", reply=1, final=False)
    server.say(
        "reply_ended",
        reply=1,
        turn=1,
        interrupted=False,
        heard_text="It is hot.",
        sources=[
            {"title": "Tea <img src=x onerror=alert(1)>", "url": "https://www.example.org/tea"},
            {"title": "A trap", "url": "javascript:alert(1)"},
        ],
    )
    links = talk.page.locator(".utterance .sources a")
    talk.until("the link is there", lambda: links.count() == 1)

    link = links.first
    assert link.inner_text() == "Tea <img src=x onerror=alert(1)>"
    assert link.get_attribute("href") == "https://www.example.org/tea"
    assert (link.get_attribute("target"), link.get_attribute("rel")) == (
        "_blank",
        "noopener noreferrer",
    )
    assert talk.page.inner_text(".sources__site") == "example.org"
    assert talk.captions() == ["It is hot."]


def test_long_captions_scroll_along_unless_somebody_reads_further_up(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk, viewport={"width": 390, "height": 700})
    words = ["one", "two", "three", "four", "five"] * 60
    below = "document.getElementById('scroller')"
    rest = f"{below}.scrollHeight - {below}.scrollTop - {below}.clientHeight"
    for count in range(10, 200, 10):
        server.caption("assistant", " ".join(words[:count]), reply=1, final=False)
    talk.until("the words are there", lambda: len(talk.captions()[0].split()) == 190)
    assert talk.page.evaluate(rest) < 2

    talk.page.evaluate(f"{below}.scrollTop = 0")
    server.caption("assistant", " ".join(words), reply=1, final=False)
    talk.until("more words are there", lambda: len(talk.captions()[0].split()) == 300)
    assert talk.page.evaluate(f"{below}.scrollTop") == 0


def test_a_keyboard_that_opens_on_a_phone_covers_no_caption(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk, viewport={"width": 390, "height": 800})
    for number in range(1, 12):
        server.caption("user", f"Question {number}?", turn=number)
    talk.until("they are there", lambda: len(talk.captions()) == 11)
    last = talk.page.locator(".utterance").last

    talk.page.set_viewport_size({"width": 390, "height": 600})

    expect(last).to_be_in_viewport(ratio=1)
    talk.page.evaluate("document.getElementById('scroller').scrollTop = 0")
    talk.page.wait_for_function("document.getElementById('scroller').scrollTop === 0")
    talk.pause(0.2)
    talk.page.set_viewport_size({"width": 390, "height": 560})
    talk.pause(0.2)
    assert talk.page.evaluate("document.getElementById('scroller').scrollTop") == 0


def test_the_microphone_is_shown_quietly_and_a_bad_one_is_explained_once(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    server.say("audio_metrics", **GOOD)
    shown = talk.page.get_by_role("img", name="Microphone: good")
    talk.until("it is shown", shown.is_visible)
    server.say("turn_metrics", turn=1, reply=1, final=False, total_ms=431)
    talk.until("so is the wait", lambda: talk.page.inner_text("#latency") == "Answered in 0.43 s")
    assert "31 dB above noise" in (shown.get_attribute("title") or "")

    for _ in range(12):
        server.say("audio_metrics", **GOOD | {"snr_db": 5.0, "quality": 20})

    talk.until("it is explained", lambda: talk.toasts())
    assert len(talk.toasts()) == 1
    assert "use a headset" in talk.toasts()[0]
    assert talk.page.get_by_role("img", name="Microphone: bad, noisy").is_visible()


def test_an_interrupted_reply_falls_silent_at_once_and_shows_what_was_heard(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    server.reply(1, 3.0)
    server.caption("assistant", "There are four tracks, and a fifth.", reply=1, final=False)
    talk.until("the reply is heard", lambda: talk.announced("audible"))

    server.say("interrupted", reply=1)
    server.reply(1, 2.0, start_s=3.0)
    server.say(
        "reply_ended", reply=1, turn=1, interrupted=True, heard_text="There are four tracks,"
    )
    talk.until("the reply stopped", lambda: talk.announced("stopped"))
    stopped = talk.announced("stopped")[0]
    talk.pause(0.5)

    late = [level for level in talk.announced("speaker") if level["at_ms"] > stopped["at_ms"] + 100]
    assert late == []
    assert talk.captions() == ["There are four tracks,"]
    assert talk.page.locator(".utterance--cut").inner_text().startswith("Assistant · interrupted")
    assert server.got("playback")[-1]["played_ms"] < 2000


def test_the_next_reply_is_heard_after_an_interruption(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    server.reply(1, 1.0)
    talk.until("the first is heard", lambda: talk.announced("audible"))
    server.say("interrupted", reply=1)

    server.reply(2, 0.3)

    talk.until("the second is heard to its end", lambda: len(talk.announced("stopped")) == 2)
    assert server.got("playback")[-1] | {"mic_sample": 0} == {
        "type": "playback",
        "reply": 2,
        "played_ms": 300,
        "underruns": 0,
        "mic_sample": 0,
        "reply_sample": 7200,
    }


@pytest.mark.parametrize("key", ["Escape", " "])
def test_a_key_stops_the_reply_here_and_on_the_server(open_talk: OpenTalk, key: str) -> None:
    talk, server = in_a_call(open_talk)
    server.reply(1, 3.0)
    talk.until("the reply is heard", lambda: talk.announced("audible"))

    talk.page.keyboard.press(key)

    talk.until("the reply stopped", lambda: talk.announced("stopped"))
    assert len(server.got("interrupt")) == 1


def test_a_space_in_the_text_field_is_a_space(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    server.reply(1, 1.0)
    talk.wait_for_state("speaking")

    talk.page.focus("#text")
    talk.page.keyboard.type("a b")

    assert talk.page.input_value("#text") == "a b"
    assert server.got("interrupt") == []


def test_a_ducked_reply_is_ten_times_softer_until_it_is_let_up(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    server.reply(1, 8.0)
    talk.until("it is heard in full", lambda: is_steady(talk))
    loud = talk.announced("speaker")[-1]["level_db"]

    server.say("duck", reply=1)
    talk.until("it is soft", lambda: talk.announced("speaker")[-1]["level_db"] < loud - 19)
    server.say("unduck", reply=1)
    talk.until("it is loud again", lambda: talk.announced("speaker")[-1]["level_db"] > loud - 0.5)


def is_steady(talk: Talk) -> bool:
    """The tone of a reply has come all the way in."""
    levels = [heard["level_db"] for heard in talk.announced("speaker")[-4:]]
    return len(levels) == 4 and min(levels) > -40 and max(levels) - min(levels) < 0.3


def test_a_muted_microphone_sends_nothing(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    talk.until("frames arrive", lambda: server.frames)

    talk.page.click("#mute")
    talk.until("the server knows", lambda: server.got("mute"))
    sent = len(server.frames)
    talk.pause(0.4)

    assert len(server.frames) == sent
    assert talk.state == "Muted"
    talk.page.click("#mute")
    talk.until("frames arrive again", lambda: len(server.frames) > sent)
    assert [message["muted"] for message in server.got("mute")] == [True, False]


def test_a_dropped_call_comes_back_with_what_was_said_meanwhile(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    server.reply(1, 3.0)
    talk.until("the reply is heard", lambda: len(server.got("playback")) >= 2)
    server.opens = False

    server.socket.close(code=1012)
    talk.wait_for_state("reconnecting")
    server.messages.clear()
    server.frames.clear()
    talk.until("there is another socket", lambda: len(server.sockets) == 2)
    talk.pause(0.5)
    assert server.frames == []
    server.session()
    talk.until("the backlog is sent", lambda: server.got("live"))

    assert server.socket.url.endswith(f"/voice/{CONVERSATION}/")
    assert server.got("backlog")[0]["ms"] >= 500
    assert 20 * len(server.frames) >= server.got("backlog")[0]["ms"]
    assert server.got("playback")[0]["reply"] == 1
    talk.until("the old reply is silent", lambda: talk.announced("stopped"))
    talk.wait_for_state("listening")


def test_what_was_typed_in_a_gap_is_sent_after_it(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    server.opens = False
    server.socket.close(code=1011)
    talk.wait_for_state("reconnecting")

    talk.type("Are you there?")
    talk.until("there is another socket", lambda: len(server.sockets) == 2)
    server.session()

    talk.until("the turn arrives", lambda: server.typed() == ["Are you there?"])


def test_what_is_typed_while_the_network_is_away_is_sent_when_it_is_back(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    server.opens = False

    talk.page.context.set_offline(True)
    talk.wait_for_state("reconnecting", timeout_s=2.0)
    talk.type("Are you there?")
    assert server.got("text") == []
    talk.page.context.set_offline(False)
    talk.until("there is another socket", lambda: len(server.sockets) == 2)
    server.session()

    talk.until("the turn arrives", lambda: server.typed() == ["Are you there?"])


def test_what_a_dead_socket_swallowed_is_sent_over_the_next_one_until_it_is_taken(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    talk.type("Are you there?")
    talk.until("it arrives, and nobody says so", lambda: server.typed() == ["Are you there?"])

    server.socket.close(code=1006)
    talk.until("there is another socket", lambda: len(server.sockets) == 2)
    talk.until("it comes again", lambda: server.typed() == ["Are you there?"] * 2)
    first, second = server.got("text")
    assert first == second
    server.say("taken", id=second["id"])
    talk.type("Good.")
    talk.until("the next one comes", lambda: server.typed()[2:] == ["Good."])

    server.socket.close(code=1006)
    talk.until("there is a third socket", lambda: len(server.sockets) == 3)
    talk.until("only that one comes again", lambda: server.typed()[3:] == ["Good."])


def test_that_the_server_restarts_is_not_said_any_more_once_it_is_back(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    server.say("error", code=1012, message="The server is restarting.", retryable=True)
    talk.until("it is said", lambda: talk.toasts() == ["The server is restarting."])

    server.socket.close(code=1012)

    talk.until("the call is back", lambda: len(talk.messages("session")) == 2)
    talk.until("nothing is said", lambda: talk.toasts() == [])


@pytest.mark.parametrize(
    ("code", "words"),
    [(4409, "another window"), (4403, "not yours"), (4404, "no such agent"), (1000, "hung up")],
)
def test_after_some_closes_the_page_stays_away_and_says_why(
    open_talk: OpenTalk, code: int, words: str
) -> None:
    talk, server = in_a_call(open_talk)

    server.socket.close(code=code)

    talk.wait_for_state("idle")
    assert words in talk.toasts()[-1]
    talk.pause(0.6)
    assert len(server.sockets) == 1


def test_that_an_operator_ended_it_is_said_once(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)

    server.say("notice", level="info", code="ended_by_operator", text="An operator ended it.")
    server.socket.close(code=1000)

    talk.wait_for_state("idle")
    assert talk.toasts() == ["An operator ended it."]


def test_somebody_who_is_logged_out_is_led_to_the_login(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)

    server.say("error", code=4401, message="You are not logged in.", retryable=False)
    server.socket.close(code=4401)

    talk.wait_for_state("idle")
    assert talk.page.get_attribute(".toast a", "href") == (
        f"/login/?next=%2F%3Fconversation%3D{CONVERSATION}"
    )


def test_a_busy_server_is_left_alone_for_as_long_as_it_says(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)

    server.say("error", code=4429, message="Too many calls.", retryable=True, retry_after_s=1.2)
    server.socket.close(code=4429)
    talk.wait_for_state("reconnecting")
    talk.pause(1.0)
    assert len(server.sockets) == 1

    talk.until("it comes back", lambda: len(server.sockets) == 2, timeout_s=3)


def test_notices_and_errors_are_read_out_and_can_be_closed(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)

    server.say("notice", level="info", code="saved", text="This conversation is kept.")
    server.say(
        "error", code="llm", message="The model does not answer. Check its key.", retryable=False
    )
    talk.until("both are there", lambda: len(talk.toasts()) == 2)

    assert talk.page.get_by_role("status").get_by_text("is kept").count() == 1
    assert talk.page.get_by_role("alert").get_by_text("does not answer").count() == 1
    talk.page.locator(".toast--error button").click()
    assert talk.toasts() == ["This conversation is kept."]


def test_without_leave_for_the_microphone_one_can_type(open_talk: OpenTalk) -> None:
    talk = open_talk(microphone=False)
    server = ScriptedServer(talk.page)
    talk.load().start()

    talk.until("the page says what to do", lambda: talk.toasts())
    assert "Allow it in the address bar" in talk.toasts()[0]
    talk.until("the page offers to type", lambda: talk.state == "Type to talk")
    talk.type("Hello?")
    talk.until("the turn arrives", lambda: server.got("text"))
    server.reply(1, 0.3)
    talk.until("the answer is heard", lambda: talk.announced("audible"))
    assert talk.page.inner_text("#mute") == "Use microphone"


def test_typing_begins_a_conversation_without_asking_for_the_microphone(
    open_talk: OpenTalk,
) -> None:
    talk = open_talk()
    server = ScriptedServer(talk.page)
    talk.load()

    talk.type("Hello?")

    talk.until("the turn arrives", lambda: server.got("text"))
    assert server.frames == []
    assert talk.announced("trouble") == []


def test_a_reply_is_measured_from_the_end_of_speech_to_the_ear(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    talk.until("a second of sound was sent", lambda: len(server.frames) >= 50)
    server.say("vad_status", speaking=False, probability=0.1, sample=8000)

    server.reply(1, 0.5)

    talk.until("it is measured", lambda: server.got("heard"))
    heard = server.got("heard")[0]
    frame = next(event for event in talk.announced("microphone") if event["level_db"] is not None)
    audible = talk.announced("audible")[0]
    assert heard["total_ms"] == pytest.approx(
        1000 * (audible["time_s"] - frame["time_s"] - 0.5), abs=80
    )
    assert 0 < heard["play_ms"] < 400
    assert heard["capture_ms"] > 20


def test_the_weak_ear_is_named_with_what_to_set_and_only_where_it_is_the_only_one(
    open_talk: OpenTalk,
) -> None:
    talk, server = in_a_call(open_talk)
    assert "DEEPGRAM_API_KEY" in talk.page.inner_text("#offline-ear")

    server.chain = CLOUD
    server.socket.close(code=1006)

    talk.until("the note is gone", lambda: not talk.page.is_visible("#offline-ear"))


def test_hanging_up_says_so_and_a_new_call_can_begin(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)

    talk.page.click("#hang-up")

    talk.wait_for_state("idle")
    talk.until("the server knows", lambda: server.got("end"))
    talk.start().wait_for_state("listening")
    assert server.socket.url.endswith("/voice/new/")


def test_a_page_that_is_loaded_again_comes_back_to_its_conversation(open_talk: OpenTalk) -> None:
    talk, server = in_a_call(open_talk)
    talk.until("the address names it", lambda: CONVERSATION in talk.page.url)

    talk.page.reload()
    assert talk.page.get_by_role("button", name="Go on talking").is_visible()
    talk.start().wait_for_state("listening")

    assert server.socket.url.endswith(f"/voice/{CONVERSATION}/")


def test_everything_can_be_reached_with_the_keyboard(open_talk: OpenTalk) -> None:
    talk = open_talk(QUESTION)
    ScriptedServer(talk.page)
    talk.load()

    talk.page.focus("#start")
    talk.page.keyboard.press("Enter")
    talk.wait_for_state("listening")
    reached = set()
    for _ in range(20):
        talk.page.keyboard.press("Tab")
        reached.add(talk.page.evaluate("document.activeElement.id"))

    assert {"mute", "hang-up", "text"} <= reached


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_wider_than_the_screen(open_talk: OpenTalk, width: int) -> None:
    talk, server = in_a_call(open_talk, viewport={"width": width, "height": 844})
    server.caption("user", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3)
    server.say("notice", level="warning", code="x", text=json.dumps({"key": "long" * 30}))
    server.say("audio_metrics", **GOOD)
    server.say("turn_metrics", turn=1, reply=1, final=False, total_ms=1431)
    talk.until("the caption is there", lambda: talk.captions())

    assert talk.page.evaluate("document.documentElement.scrollWidth") <= width
    assert talk.page.is_visible("#hang-up")
    label, figures = (
        talk.page.locator(name).bounding_box() for name in ("#state", ".stage__figures")
    )
    assert label
    assert figures
    beside = label["x"] + label["width"] <= figures["x"]
    assert beside or label["y"] + label["height"] <= figures["y"]
