"""What `manage.py serve` finds wrong before it listens."""

import pytest

from voiceassistant.management.commands.serve import check_turn_model
from voiceassistant.problems import CannotStart


def test_a_turn_model_that_is_not_there_is_said_with_how_to_get_it(settings, tmp_path):
    settings.SMART_TURN = str(tmp_path / "none.onnx")

    with pytest.raises(CannotStart, match=r"none\.onnx, which is not there: `make smart-turn`"):
        check_turn_model()


def test_without_a_turn_model_nothing_is_missed(settings):
    settings.SMART_TURN = ""

    check_turn_model()
