"""Pipecat as its own documentation builds a voice agent, pointed at simulated vendors. Runs in the
peer's virtual environment and imports nothing of ours.

Its client sends binary frames of 16 kHz s16 and gets binary frames of 24 kHz s16, and
`{"type": "interrupted"}` when what it has not played yet is to be dropped.
Usage: python server.py default|fastest|tuned, with DEEPGRAM_BASE_URL, OPENAI_BASE_URL,
CARTESIA_BASE_URL and PORT in the environment.
"""

import json
import os
import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADParams
from pipecat.frames.frames import Frame, InputAudioRawFrame, InterruptionFrame, OutputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.services.cartesia.tts import CartesiaTTSService
from pipecat.services.deepgram.stt import DeepgramSTTService
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.tts_service import TextAggregationMode
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_stop import (
    SpeechTimeoutUserTurnStopStrategy,
    TurnAnalyzerUserTurnStopStrategy,
)
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

KEY = "simulated-key-0123456789"
INSTRUCTIONS = "You are a voice assistant. Answer briefly."
TUNED_P99_S = 0.2
"""What the finals of the typical profile take from the end of speech, with room to spare."""

app = FastAPI()
setting = "default"


class RawAudio(FrameSerializer):
    async def serialize(self, frame: Frame) -> str | bytes | None:
        if isinstance(frame, OutputAudioRawFrame):
            return frame.audio
        if isinstance(frame, InterruptionFrame):
            return json.dumps({"type": "interrupted"})
        return None

    async def deserialize(self, data: str | bytes) -> Frame | None:
        if isinstance(data, str):
            return None
        return InputAudioRawFrame(audio=data, sample_rate=16_000, num_channels=1)


def ear() -> DeepgramSTTService:
    waits = {"fastest": {"ttfs_p99_latency": 0.0}, "tuned": {"ttfs_p99_latency": TUNED_P99_S}}
    url = os.environ["DEEPGRAM_BASE_URL"]
    return DeepgramSTTService(api_key=KEY, base_url=url, **waits.get(setting, {}))


def voice() -> CartesiaTTSService:
    mode = {"text_aggregation_mode": TextAggregationMode.TOKEN} if setting == "fastest" else {}
    url = os.environ["CARTESIA_BASE_URL"].replace("http", "ws", 1)
    return CartesiaTTSService(
        api_key=KEY,
        url=f"{url}/tts/websocket",
        settings=CartesiaTTSService.Settings(voice="f786b574-daa5-4673-aa0c-cbe3e8534c02"),
        **mode,
    )


def turns() -> LLMUserAggregatorParams:
    vad = SileroVADAnalyzer(params=VADParams(stop_secs=0.2))
    stops = {
        "default": None,
        "tuned": [TurnAnalyzerUserTurnStopStrategy(turn_analyzer=LocalSmartTurnAnalyzerV3())],
        "fastest": [SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.0)],
    }
    return LLMUserAggregatorParams(
        vad_analyzer=vad, user_turn_strategies=UserTurnStrategies(stop=stops[setting])
    )


@app.websocket("/talk")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    transport = FastAPIWebsocketTransport(
        socket,
        FastAPIWebsocketParams(
            audio_in_enabled=True, audio_out_enabled=True, serializer=RawAudio()
        ),
    )
    model = OpenAILLMService(
        api_key=KEY,
        base_url=os.environ["OPENAI_BASE_URL"],
        settings=OpenAILLMService.Settings(model="gpt-5.6-luna", system_instruction=INSTRUCTIONS),
    )
    aggregators = LLMContextAggregatorPair(LLMContext(), user_params=turns())
    stages = [
        transport.input(),
        ear(),
        aggregators.user(),
        model,
        voice(),
        transport.output(),
        aggregators.assistant(),
    ]
    worker = PipelineWorker(Pipeline(stages), params=PipelineParams())

    @transport.event_handler("on_client_disconnected")
    async def on_client_disconnected(*_: object) -> None:
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


if __name__ == "__main__":
    setting = sys.argv[1]
    logger.remove()
    logger.add(sys.stderr, level=os.environ.get("LOG_LEVEL", "WARNING"))
    uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="warning")
