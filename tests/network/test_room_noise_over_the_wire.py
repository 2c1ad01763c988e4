"""What a microphone hears where nobody speaks. A minute of it, at more levels: bench/silence.py."""

import pytest

from tests.network.client import Client, recording
from tests.network.noise import room_noise

SEED = 20_240_601
NOISE_S = 6.0


@pytest.mark.parametrize("level_dbfs", [-60, -40])
async def test_room_noise_starts_no_turn_and_a_voice_in_it_is_heard(served, token, level_dbfs):
    noise = room_noise(NOISE_S, level_dbfs=level_dbfs, seed=SEED)
    async with Client(f"{served.socket_url}/voice/new?token={token}") as client:
        await client.speak(noise)

        assert client.of("vad_status") == []
        assert client.of("transcript_update") == []
        assert client.of("reply_started") == []
        await client.speak(recording("question_02.wav"))
        await client.until("vad_status", speaking=True)
