"""Transcripts as files. Each format is read back by a reader written from its standard."""

import html
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations.exports import FORMATS, Transcript, transcript_of
from conversations.exports.subtitles import TICK, cues_of
from conversations.exports.transcript import Line
from conversations.models import Conversation
from conversations.selectors import turns_of
from conversations.sources import Source
from tests.conversations.conftest import answered, at, said

BERLIN = ZoneInfo("Europe/Berlin")


def line(
    text: str, start: float = 0, end: float = 2, *, role: str = "user", interrupted: bool = False
) -> Line:
    return Line(
        turn=1,
        role=role,
        speaker="alice" if role == "user" else "Assistant",
        text=text,
        started_at=at(start).astimezone(BERLIN),
        ended_at=at(end).astimezone(BERLIN),
        source="spoken",
        interrupted=interrupted,
    )


def transcript(*lines: Line) -> Transcript:
    return Transcript("Noon", "Assistant", at(0).astimezone(BERLIN), BERLIN, lines)


TALK = transcript(
    line("what's the time?", 0, 1.5),
    line("It is noon. And", 2, 4.25, role="assistant", interrupted=True),
)


def seconds(clock: str) -> float:
    hours, minutes, rest = clock.replace(",", ".").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def read_srt(text: str) -> list[tuple[float, float, str]]:
    """Blocks between blank lines: number, timing, text."""
    cues = []
    for number, block in enumerate(filter(None, text.split("\n\n")), start=1):
        index, timing, *body = block.strip("\n").split("\n")
        assert index == str(number)
        match = re.fullmatch(r"(\d\d+:\d\d:\d\d,\d{3}) --> (\d\d+:\d\d:\d\d,\d{3})", timing)
        assert match
        cues.append((seconds(match[1]), seconds(match[2]), "\n".join(body)))
    return cues


def read_vtt(text: str) -> list[tuple[float, float, str]]:
    """A header, then blocks between blank lines: timing, text with <v> spans and references."""
    header, *blocks = filter(None, text.split("\n\n"))
    assert header.rstrip("\n") == "WEBVTT"
    cues = []
    for block in blocks:
        timing, body = block.strip("\n").split("\n")
        match = re.fullmatch(r"(\d\d+:\d\d:\d\d\.\d{3}) --> (\d\d+:\d\d:\d\d\.\d{3})", timing)
        voiced = re.fullmatch(r"<v ([^<>&\n]|&\w+;)+>([^<>]*)", body)
        assert match
        assert voiced
        cues.append((seconds(match[1]), seconds(match[2]), html.unescape(voiced[2])))
    return cues


def test_txt() -> None:
    assert FORMATS["txt"].render(TALK) == (
        "Noon\n"
        "01 March 2026, 13:00 (Europe/Berlin), with Assistant\n"
        "\n"
        "[13:00:00] alice: what's the time?\n"
        "[13:00:02] Assistant: It is noon. And [interrupted]\n"
    )


def test_md() -> None:
    assert FORMATS["md"].render(TALK) == (
        "# Noon\n"
        "\n"
        "01 March 2026, 13:00 (Europe/Berlin), with Assistant\n"
        "\n"
        "**alice** (13:00:00): what's the time?\n"
        "\n"
        "**Assistant** (13:00:02): It is noon. And *(interrupted)*\n"
    )


def test_md_shows_what_was_said_and_not_what_it_would_mean() -> None:
    text = FORMATS["md"].render(transcript(line("*two* <b>stars</b> & [a](b) `c`\n# d")))

    assert r"\*two\* \<b\>stars\</b\> \& \[a\](b) \`c\` \# d" in text


def test_json() -> None:
    document = json.loads(FORMATS["json"].render(TALK))

    assert document["title"] == "Noon"
    assert document["time_zone"] == "Europe/Berlin"
    assert [turn["interrupted"] for turn in document["turns"]] == [False, True]
    assert document["turns"][0] == {
        "turn": 1,
        "role": "user",
        "reply": None,
        "source": "spoken",
        "text": "what's the time?",
        "interrupted": False,
        "sources": [],
        "started_at": "2026-03-01T13:00:00+01:00",
        "ended_at": "2026-03-01T13:00:01.500000+01:00",
    }


SOURCED = transcript(
    replace(
        line("It is hot.", role="assistant"),
        sources=(Source("A [tea] page", "https://example.org/a_(b)", "example.org"),),
    ),
    line("Thanks."),
)


def test_sources_stand_below_their_reply_as_links() -> None:
    assert (
        "It is hot.\n\n- [A \\[tea\\] page](<https://example.org/a_(b)>)\n\n**alice**"
    ) in FORMATS["md"].render(SOURCED)


def test_sources_stand_below_their_reply_as_text() -> None:
    assert "hot.\n    A [tea] page: https://example.org/a_(b)\n[13" in FORMATS["txt"].render(
        SOURCED
    )


def test_sources_are_data_in_json() -> None:
    turns = json.loads(FORMATS["json"].render(SOURCED))["turns"]

    assert [turn["sources"] for turn in turns] == [
        [{"title": "A [tea] page", "url": "https://example.org/a_(b)"}],
        [],
    ]


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_subtitles_have_no_sources(form: str) -> None:
    assert "example.org" not in FORMATS[form].render(SOURCED)


def test_an_address_cannot_break_out_of_its_link() -> None:
    strange = Source("x", "https://example.org/>)[y](<javascript:z\\", "example.org")
    text = FORMATS["md"].render(transcript(replace(line("Hi."), sources=(strange,))))

    assert "[x](<https://example.org/%3E)[y](%3Cjavascript:z%5C>)" in text


def test_srt() -> None:
    assert read_srt(FORMATS["srt"].render(TALK)) == [
        (0.0, 1.5, "alice: what's the time?"),
        (2.0, 4.25, "Assistant: It is noon. And [interrupted]"),
    ]


def test_vtt() -> None:
    assert read_vtt(FORMATS["vtt"].render(TALK)) == [
        (0.0, 1.5, "what's the time?"),
        (2.0, 4.25, "It is noon. And [interrupted]"),
    ]


def test_a_subtitle_ends_when_the_next_one_begins() -> None:
    spoken_over = transcript(line("I was going to", 0, 9, role="assistant"), line("stop", 4, 5))

    assert [cue[:2] for cue in read_srt(FORMATS["srt"].render(spoken_over))] == [(0, 4), (4, 5)]


def test_typed_words_stay_long_enough_to_be_read() -> None:
    typed = transcript(line("hello", 0, 0), line("Hello.", 3, 4))

    assert read_srt(FORMATS["srt"].render(typed))[0][:2] == (0, 1)


def test_the_clock_goes_on_past_a_day() -> None:
    continued = transcript(line("hello"), line("good morning", 90_061.5, 90_062))

    assert "25:01:01,500 --> 25:01:02,500" in FORMATS["srt"].render(continued)


def test_a_conversation_without_words_is_still_a_file() -> None:
    files = {form: chosen.render(transcript()) for form, chosen in FORMATS.items()}

    assert files["txt"].startswith("Noon\n")
    assert files["md"].startswith("# Noon\n")
    assert json.loads(files["json"])["turns"] == []
    assert (files["srt"], files["vtt"]) == ("", "WEBVTT\n")


def test_an_hour_that_the_clocks_repeat_does_not_turn_time_back() -> None:
    before = datetime(2026, 10, 25, 2, 59, 59, tzinfo=BERLIN)
    after = datetime(2026, 10, 25, 2, 0, 3, fold=1, tzinfo=BERLIN)
    talk = transcript(
        replace(line("good night"), started_at=before, ended_at=before),
        replace(line("good morning"), started_at=after, ended_at=after),
    )

    assert [cue[:2] for cue in read_srt(FORMATS["srt"].render(talk))] == [(0, 1), (4, 5)]


@pytest.mark.parametrize("form", ["txt", "md", "json", "srt", "vtt"])
def test_other_scripts_come_through(form: str) -> None:
    assert "明日は雨ですか 🌧" in FORMATS[form].render(transcript(line("明日は雨ですか 🌧")))


lines = st.lists(
    st.builds(
        lambda text, start, length, interrupted: line(
            text, start, start + length, interrupted=interrupted
        ),
        st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(["a --> b", "1\n\n2"]),
        st.floats(0, 200_000),
        st.floats(0, 100),
        st.booleans(),
    ),
    max_size=8,
).map(lambda lines: transcript(*sorted(lines, key=lambda line: line.started_at)))


def flat(text: str) -> str:
    return " ".join(text.split())


def marked(line: Line) -> str:
    return flat(f"{line.text} [interrupted]" if line.interrupted else line.text)


@given(lines)
def test_whatever_was_said_comes_back_from_srt(talk: Transcript) -> None:
    cues = read_srt(FORMATS["srt"].render(talk))

    assert [flat(text) for *_, text in cues] == [
        flat(f"alice: {marked(line)}".replace("-->", "→")) for line in talk.lines
    ]


@given(lines)
def test_whatever_was_said_comes_back_from_vtt(talk: Transcript) -> None:
    cues = read_vtt(FORMATS["vtt"].render(talk))

    assert [text for *_, text in cues] == [marked(line) for line in talk.lines]


@given(lines)
def test_whatever_was_said_comes_back_from_json(talk: Transcript) -> None:
    turns = json.loads(FORMATS["json"].render(talk))["turns"]

    assert [turn["text"] for turn in turns] == [line.text for line in talk.lines]


@given(lines)
def test_subtitles_never_overlap_and_are_never_empty(talk: Transcript) -> None:
    cues = list(cues_of(talk.lines))

    assert all(cue.end - cue.start >= TICK for cue in cues)
    assert all(one.end <= other.start for one, other in pairwise(cues))
    assert all(cue.start >= timedelta() for cue in cues)


def test_rows_become_lines_in_the_readers_time_zone(hers: Conversation) -> None:
    said(hers, 1, "what's the time?", seconds=1)
    answered(hers, 1, "It is", seconds=3, interrupted=True)

    values = transcript_of(hers, turns_of(hers.pk), user="alice", zone=BERLIN)

    assert [(row.speaker, row.text, row.interrupted) for row in values.lines] == [
        ("alice", "what's the time?", False),
        ("Assistant", "It is", True),
    ]
    assert f"{values.lines[0].started_at:%H:%M:%S}" == "13:00:01"
