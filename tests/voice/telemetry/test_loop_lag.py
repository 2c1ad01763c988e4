import asyncio
import time

from voice.telemetry.loop_lag import EVERY_S, sample
from voice.telemetry.meters import Meters


async def test_what_holds_up_the_event_loop_is_seen():
    meters = Meters()
    sampling = asyncio.create_task(sample(meters))
    await asyncio.sleep(0)
    time.sleep(EVERY_S + 0.2)  # noqa: ASYNC251  (this is what is to be seen)
    await asyncio.sleep(0.01)
    sampling.cancel()

    [(_, late)] = meters.snapshot().items()
    assert late.total >= 200
