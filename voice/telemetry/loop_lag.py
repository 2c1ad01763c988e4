"""How late the event loop comes round to what is due: whatever holds it up holds up every call."""

import asyncio

from voice.telemetry.meters import Meters

EVERY_S = 0.1


async def sample(into: Meters) -> None:
    """Until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY_S
        await asyncio.sleep(EVERY_S)
        into.observe("loop_lag_ms", max(0.0, loop.time() - due) * 1000)
