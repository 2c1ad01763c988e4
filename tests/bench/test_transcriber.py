"""The simulated ear of the latency bench: which words it says, and when."""

import numpy as np
import pytest

from bench.latency.profiles import TYPICAL, ZERO, Profile
from bench.latency.simulated.transcriber import Transcriber, silence_s
from bench.speech.clips import BYTES_PER_S, Clip, clips
from tests.network.client import FRAME_BYTES, FRAME_S

BEFORE_S = 1.0
CLIPS = clips()
QUESTION = next(clip for clip in CLIPS if clip.file == "question_02.wav")
Said = list[tuple[float, dict[str, object]]]


def played(
    pcm: bytes,
    clip: Clip,
    profile: Profile = TYPICAL,
    *,
    endpointing: str = "",
    finalise_s: float | None = None,
) -> Said:
    """Messages and when they came, from the end of the speech in `clip` on."""
    ear = Transcriber(profile, silence_s(profile, endpointing))
    ear.expect(clip)
    said: Said = []
    pcm = bytes(int(BEFORE_S * BYTES_PER_S)) + pcm + bytes(BYTES_PER_S)
    for index, at in enumerate(range(0, len(pcm), FRAME_BYTES)):
        now = (index + 1) * FRAME_S - BEFORE_S - clip.end_s
        while (due := ear.next_at) is not None and due < now:
            said += [(due, message) for message in ear.take(due)]
        ear.hear(pcm[at : at + FRAME_BYTES], now)
        if finalise_s is not None and now >= finalise_s:
            ear.finalise(now)
            finalise_s = None
        said += [(now, message) for message in ear.take(now)]
    return said


def text(message: dict[str, object]) -> str:
    return str(message["channel"]["alternatives"][0]["transcript"])  # type: ignore[index]


def finals(said: Said) -> Said:
    return [(at, message) for at, message in said if message["is_final"]]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip.file)
def test_the_finals_of_a_recording_are_its_text(clip: Clip) -> None:
    said = finals(played(clip.pcm, clip))

    assert " ".join(text(message) for _, message in said) == clip.text


def test_a_final_comes_unasked_150_ms_after_the_last_word() -> None:
    ((at, message),) = finals(played(QUESTION.pcm, QUESTION))

    assert at == pytest.approx(0.15, abs=FRAME_S)
    assert message["speech_final"]


def test_no_final_comes_unasked_where_endpointing_is_off() -> None:
    assert not finals(played(QUESTION.pcm, QUESTION, endpointing="false"))


def test_a_longer_silence_may_be_asked_for() -> None:
    ((at, _),) = finals(played(QUESTION.pcm, QUESTION, endpointing="300"))

    assert at == pytest.approx(0.3, abs=FRAME_S)


def test_finalise_is_answered_after_150_ms_with_all_the_words() -> None:
    ((at, message),) = finals(played(QUESTION.pcm, QUESTION, endpointing="false", finalise_s=0.1))

    assert at == pytest.approx(0.25, abs=FRAME_S)
    assert text(message) == QUESTION.text
    assert message["from_finalize"]


def test_finalise_after_the_final_is_answered_without_words() -> None:
    (_, first), (at, second) = finals(played(QUESTION.pcm, QUESTION, finalise_s=0.3))

    assert (text(first), text(second)) == (QUESTION.text, "")
    assert at == pytest.approx(0.45, abs=FRAME_S)
    assert second["from_finalize"]


def test_interims_come_every_200_ms_with_the_words_that_were_heard_150_ms_before() -> None:
    said = played(QUESTION.pcm, QUESTION, endpointing="false")
    times = [at for at, _ in said]

    assert np.allclose(np.diff(times), 0.2, atol=FRAME_S)
    for at, message in said:
        heard_s = at - 0.15 + QUESTION.end_s
        heard = [w for w in QUESTION.words if w.middle_s <= heard_s + FRAME_S]
        assert len(heard) - 1 <= len(text(message).split()) <= len(heard)


def test_with_no_delay_a_word_is_there_once_its_middle_was_heard() -> None:
    said = played(QUESTION.pcm, QUESTION, ZERO, endpointing="false")

    assert [len(text(message).split()) for _, message in said] == [1, 2, 3, 4, 5, 6]
    for (at, _), word in zip(said, QUESTION.words, strict=True):
        assert at == pytest.approx(word.middle_s - QUESTION.end_s, abs=2 * FRAME_S)


def test_a_recording_that_was_cleaned_up_is_still_recognised() -> None:
    noise = np.random.default_rng(1).normal(0, 20, len(QUESTION.samples))
    quieter = (QUESTION.samples * 0.3 + noise).astype("<i2").tobytes()

    ((_, message),) = finals(played(quieter, QUESTION))

    assert text(message) == QUESTION.text


def test_another_recording_than_the_one_expected_is_not_understood() -> None:
    other = next(clip for clip in CLIPS if clip.file == "reading_0002.wav")

    assert not played(QUESTION.pcm, other)
