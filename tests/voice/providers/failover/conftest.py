import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest


@pytest.fixture(autouse=True)
async def nothing_is_left_behind() -> AsyncIterator[None]:
    """No task, and no error that nobody looked at: asyncio tells of those when they are thrown
    away."""
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    before = asyncio.all_tasks()
    gc.freeze()  # to collect what is older takes long
    yield
    gc.collect()
    gc.unfreeze()
    await asyncio.sleep(0)  # what was thrown away is closed on the loop
    assert asyncio.all_tasks() - before - {asyncio.current_task()} == set()
    assert complaints == []
