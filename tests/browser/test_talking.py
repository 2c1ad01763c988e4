"""Talking to the real server with its offline providers; the microphone plays recordings."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute

from tests.browser.conftest import OpenTalk
from tests.browser.recordings import Recording, silence, write
from tests.serving import Site

ANSWER_S = 30.0
SILENT_DB = -80


@pytest.fixture(scope="session")
def question() -> Path:
    return Recording.named("question_02.wav").path


INTERRUPTION = Recording.named("question_00.wav")


@pytest.fixture(scope="session")
def question_and_interruption(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question, and seven seconds after its end, while it is being answered, somebody speaks."""
    question = Recording.named("question_02.wav")
    path = tmp_path_factory.mktemp("recordings") / "interruption.wav"
    return write(path, question.samples(), silence(7.0), INTERRUPTION.samples())


def test_a_spoken_question_is_answered_by_voice_and_kept(
    open_talk: OpenTalk, question: Path
) -> None:
    talk = open_talk(question).load().start().wait_for_state("listening")

    talk.until("the answer is heard", lambda: talk.announced("audible"), timeout_s=ANSWER_S)
    talk.pause(2.0)
    talk.page.keyboard.press("Escape")
    talk.until("it is over", lambda: talk.messages("reply_ended"))

    said, answered = talk.captions()
    assert said
    assert answered == talk.messages("reply_ended")[0]["heard_text"]
    final = next(metrics for metrics in talk.messages("turn_metrics") if metrics["final"])
    assert talk.page.inner_text("#latency") == f"Answered in {final['total_ms'] / 1000:.2f} s"
    talk.page.click("#hang-up")
    talk.page.click(".toast a")
    talk.page.wait_for_selector(".utterance--assistant")
    assert answered in talk.page.inner_text("main")


def test_speaking_over_a_reply_stops_it(
    open_talk: OpenTalk, question_and_interruption: Path
) -> None:
    talk = open_talk(question_and_interruption).load().start().wait_for_state("listening")
    talk.until("the answer is heard", lambda: talk.announced("audible"), timeout_s=ANSWER_S)
    answered_s = talk.announced("audible")[0]["time_s"]

    talk.until(
        "the reply was interrupted", lambda: talk.messages("interrupted"), timeout_s=ANSWER_S
    )
    talk.until("it is silent", lambda: talk.announced("stopped"))

    # Between the recordings there is nothing at all, not even the noise of a room.
    recording_s = next(
        frame["time_s"]
        for frame in talk.announced("microphone")
        if frame["time_s"] > answered_s + 1.0 and frame["level_db"] > SILENT_DB
    )
    onset_s = recording_s + INTERRUPTION.start_s
    # How fast exactly is for the bench to say, on a machine that does nothing else.
    assert 0 < talk.announced("stopped")[-1]["audible_s"] - onset_s < 1.0
    assert talk.page.locator(".utterance--cut").count() == 1


def test_a_typed_question_is_answered_by_voice(open_talk: OpenTalk) -> None:
    talk = open_talk().load()

    talk.type("What time is it?")

    talk.until("it is answered", lambda: talk.messages("reply_ended"), timeout_s=ANSWER_S)
    assert talk.captions()[0] == "What time is it?"
    assert re.search(r"\d\d?:\d\d", talk.captions()[1])
    assert talk.announced("audible")


def test_silence_starts_no_turn(open_talk: OpenTalk) -> None:
    talk = open_talk().load().start().wait_for_state("listening")

    talk.pause(3.0)

    assert talk.captions() == []
    assert talk.messages("vad_status") == []


def test_a_second_window_takes_the_conversation_over(open_talk: OpenTalk) -> None:
    first = open_talk().load().start().wait_for_state("listening")
    conversation = first.messages("session")[0]["conversation"]

    second = open_talk(query=f"?conversation={conversation}").load().start()
    second.wait_for_state("listening")

    first.wait_for_state("idle")
    assert "another window" in first.toasts()[0]
    assert second.messages("session")[0]["resumed"] is True


def test_what_was_said_stands_there_when_the_page_is_loaded_again_and_not_in_a_new_conversation(
    open_talk: OpenTalk,
) -> None:
    talk = open_talk().load()
    talk.type("What is seven plus four?")
    talk.until("it is answered", lambda: talk.messages("reply_ended"), timeout_s=ANSWER_S)
    answer = talk.messages("reply_ended")[0]["heard_text"]
    earlier = talk.page.locator("#earlier .utterance__text")
    talk.until("it is kept", lambda: talk.page.reload() and earlier.all_inner_texts())

    assert earlier.all_inner_texts() == ["What is seven plus four?", answer]
    assert not talk.page.get_by_text("What you both say appears here.").is_visible()
    talk.type("What is one plus one?")
    talk.until("the call is there", lambda: talk.messages("session"))
    assert earlier.count() == 2
    talk.page.click("#hang-up")
    talk.wait_for_state("idle")
    talk.type("Hello")
    talk.until("there is another", lambda: len(talk.messages("session")) == 2)
    assert earlier.count() == 0


def test_a_reply_goes_on_after_a_drop_from_where_it_was_heard(open_talk: OpenTalk) -> None:
    talk = open_talk()
    sockets: list[WebSocketRoute] = []
    talk.page.route_web_socket("**/voice/**", lambda socket: pass_through(socket, sockets))
    talk.load()
    talk.type("Tell me everything that you can do.")
    talk.until("the answer is heard", lambda: talk.announced("audible"), timeout_s=ANSWER_S)
    talk.pause(1.0)

    sockets[0].close(code=3001)

    talk.until("the call is back", lambda: len(talk.messages("session")) == 2)
    talk.until("a reply goes on", lambda: len(talk.messages("reply_started")) == 2)
    assert talk.messages("reply_started")[1]["source"] == "resumed"
    assert talk.messages("reply_started")[1]["resumes"] == 1
    heard = talk.messages("reply_ended")[0]["heard_text"]
    talk.until("the rest is heard", lambda: len(talk.announced("audible")) == 2)
    assert talk.captions()[1].startswith(heard)
    question = "I heard “Tell me everything that you can do"
    talk.until("no word is missing", lambda: talk.captions()[1].startswith(question))
    talk.until("it is over", lambda: len(talk.messages("reply_ended")) == 2, timeout_s=ANSWER_S)
    rest = talk.messages("reply_ended")[1]["heard_text"]
    assert talk.captions()[1:] == [f"{heard} {rest}"]


def test_somebody_elses_conversation_is_not_opened(open_talk: OpenTalk, site: Site) -> None:
    talk = open_talk(query="?conversation=nonsense").load()

    talk.start().wait_for_state("listening")

    assert talk.messages("session")[0]["resumed"] is False


def pass_through(socket: WebSocketRoute, sockets: list[WebSocketRoute]) -> None:
    """To the real server, by way of something that a test can cut."""
    server = socket.connect_to_server()
    sockets.append(socket)
    socket.on_message(lambda message: server.send(message))
    server.on_message(lambda message: socket.send(message))
    socket.on_close(lambda code, reason: server.close())
