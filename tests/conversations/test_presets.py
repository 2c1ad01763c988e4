from dataclasses import asdict

import pytest

from conversations.models import TOOLS, Agent
from conversations.presets import PRESETS, Preset


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS.keys())
def test_a_preset_is_an_agent_as_it_stands(preset: Preset, db: None) -> None:
    values = asdict(preset) | {"tools": list(preset.tools)}
    agent = Agent(**{name: values[name] for name in Agent.VERSIONED if name in values})

    agent.full_clean()

    assert set(preset.tools) <= TOOLS.keys()
    assert agent.voice == ""
    assert "spoken aloud" in agent.instructions
    assert not [line for line in agent.instructions.splitlines() if line.startswith(" ")]


def test_there_is_one_for_each_of_three_purposes() -> None:
    assert list(PRESETS) == ["interviewer", "tutor", "support"]
