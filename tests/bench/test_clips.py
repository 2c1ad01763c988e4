"""Recordings with labels: somebody's own, and where their words lie."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from bench.speech.clips import clips
from tests.network.client import SPEECH


def test_a_folder_of_ones_own_needs_no_start_of_speech(tmp_path: Path) -> None:
    shutil.copy(SPEECH / "question_02.wav", tmp_path)
    row = {"file": "question_02.wav", "end_s": 2.27, "text": "How many?", "kind": "complete"}
    (tmp_path / "labels.jsonl").write_text(json.dumps(row) + "\n")

    (clip,) = clips(tmp_path)

    assert clip.start_s == pytest.approx(0.86, abs=0.2)
    assert clip.end_s == 2.27


@pytest.mark.parametrize("clip", clips(), ids=lambda clip: clip.file)
def test_words_lie_one_after_the_other_from_start_to_end_of_speech(clip) -> None:
    assert [word.text for word in clip.words] == clip.text.split()
    assert clip.words[0].start_s == pytest.approx(clip.start_s, abs=0.02)
    assert clip.words[-1].end_s == pytest.approx(clip.end_s, abs=0.02)
    assert all(one.middle_s < other.middle_s for one, other in pairwise(clip.words))
