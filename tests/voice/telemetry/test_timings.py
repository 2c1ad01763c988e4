from hypothesis import given
from hypothesis import strategies as st

from voice.telemetry import TurnTimings
from voice.wire import Heard, TurnMetrics

PARTS = (
    "vad_end_ms",
    "stt_ms",
    "recall_ms",
    "llm_ttft_ms",
    "clause_ms",
    "tts_ttfb_ms",
    "capture_ms",
    "network_ms",
    "play_ms",
)


def parts(metrics: TurnMetrics) -> list[float]:
    return [getattr(metrics, name) for name in PARTS]


def test_each_part_is_the_time_since_the_mark_before_it():
    timings = TurnTimings(speech_ended_at=10.0, pause_s=0.6, decided_at=10.75)
    timings.first_token_at, timings.first_sentence_at = 10.95, 11.0
    timings.first_audio_at = 11.12

    metrics = timings.metrics(turn=1, reply=1)

    assert parts(metrics) == [600.0, 150.0, 0.0, 200.0, 50.0, 120.0, 0.0, 0.0, 0.0]
    assert metrics.total_ms == 1120.0


def test_a_mark_is_set_once():
    timings = TurnTimings(speech_ended_at=0.0, pause_s=0.6, decided_at=0.6)

    timings.mark("first_token_at", lambda: 1.0)
    timings.mark("first_token_at", lambda: 2.0)

    assert timings.first_token_at == 1.0


def test_what_the_parts_leave_over_of_the_clients_total_is_the_networks():
    timings = TurnTimings(speech_ended_at=0.0, pause_s=0.6, decided_at=0.6, first_audio_at=0.7)

    metrics = timings.metrics(turn=1, reply=1, heard=Heard(1, 20.0, 5.0, 40.0, 800.0))

    assert metrics.network_ms == 40.0
    assert metrics.total_ms == 800.0


moment = st.none() | st.floats(0, 20)


heards = st.builds(
    Heard,
    reply=st.just(1),
    capture_ms=st.floats(0, 500),
    network_ms=st.floats(0, 500),
    play_ms=st.floats(0, 500),
    total_ms=st.floats(0, 5000),
)


@given(st.floats(0, 10), st.floats(0, 10), moment, moment, moment, moment, heards)
def test_parts_are_never_negative_and_add_up_to_what_the_client_measured(
    ended, decided, recalled, token, sentence, audio, heard
):
    timings = TurnTimings(
        ended,
        0.6,
        decided,
        recalled_at=recalled,
        first_token_at=token,
        first_sentence_at=sentence,
        first_audio_at=audio,
    )

    ours = timings.metrics(turn=1, reply=1)
    whole = timings.metrics(turn=1, reply=1, heard=heard)

    for metrics in (ours, whole):
        assert min(parts(metrics)) >= 0
        assert abs(sum(parts(metrics)) - metrics.total_ms) < 1
    assert abs(whole.total_ms - heard.total_ms) <= 0.1


@given(st.floats(0, 1), heards)
def test_parts_that_fit_into_what_the_client_measured_stay_as_they_are(waited, heard):
    timings = TurnTimings(0.0, 0.6, waited, first_audio_at=waited + 0.1)
    ours = timings.metrics(turn=1, reply=1)
    room = heard.total_ms - ours.total_ms - heard.capture_ms - heard.play_ms

    whole = timings.metrics(turn=1, reply=1, heard=heard)

    if room >= 0:
        assert parts(whole)[:6] == parts(ours)[:6]
        assert abs(whole.network_ms - room) < 1


def test_where_the_client_waited_less_the_end_of_the_speech_is_what_they_disagree_on():
    timings = TurnTimings(speech_ended_at=0.0, pause_s=0.6, decided_at=0.6, first_audio_at=0.7)

    metrics = timings.metrics(turn=1, reply=1, heard=Heard(1, 20.0, 5.0, 40.0, 700.0))

    assert (metrics.vad_end_ms, metrics.tts_ttfb_ms, metrics.network_ms) == (540.0, 100.0, 0.0)
    assert (metrics.capture_ms, metrics.play_ms, metrics.total_ms) == (20.0, 40.0, 700.0)
