"""An answer that was given before, as the page shows it."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import OpenTalk
from tests.browser.recordings import SPEECH
from tests.browser.scripted import ScriptedServer


def test_an_answer_that_was_given_before_says_so_discreetly(open_talk: OpenTalk) -> None:
    talk = open_talk(SPEECH / "question_02.wav")
    server = ScriptedServer(talk.page)
    talk.load().start().wait_for_state("listening")

    answer(server, 1, "Paris is the capital of France.", source="cache")

    meta = talk.page.locator(".utterance--assistant .utterance__meta")
    expect(meta).to_have_text("Assistant · from an earlier answer")
    expect(talk.page.locator("#latency")).to_have_text(
        re.compile(r"0\.05 s, from an earlier answer")
    )

    answer(server, 2, "Berlin is the capital of Germany.", source="model")

    expect(meta.last).to_have_text("Assistant")
    expect(talk.page.locator("#repeated")).to_be_hidden()


def answer(server: ScriptedServer, number: int, text: str, *, source: str) -> None:
    server.caption("user", f"Question {number}?", turn=number)
    server.say("reply_started", reply=number, turn=number, source=source)
    server.say(
        "turn_metrics",
        reply=number,
        turn=number,
        final=True,
        total_ms=50.0,
        cache_hit=source == "cache",
        providers={},
    )
    server.caption("assistant", text, turn=number, reply=number)
    server.say("reply_ended", reply=number, turn=number, interrupted=False, heard_text=text)
