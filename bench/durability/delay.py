"""How soon a turn that was stored is embedded by an idle process, and what that costs it.

Usage: python -m bench.durability.delay [turns]
"""

import asyncio
import sys
import time
from datetime import UTC, datetime

from bench.durability.__main__ import prepare, servers
from bench.figures import summary

PAUSE_S = 0.5


async def measure(turns: int) -> None:
    from channels.db import database_sync_to_async

    from bench.durability.victim import offline
    from conversations import embeddings, selectors, services
    from conversations.models import Conversation, Passage, User
    from voice.background.worker import Worker

    @database_sync_to_async
    def start() -> Conversation:
        embeddings.warm_up()
        user, agent = User.objects.earliest("pk"), selectors.default_agent()
        return services.start_conversation(user.pk, agent.pk)

    @database_sync_to_async
    def store(conversation: Conversation, number: int) -> int:
        now = datetime.now(UTC)
        text = f"this is what I said in turn {number} of our conversation about dogs"
        return services.record_user_turn(
            conversation.pk, number, text=text, source="spoken", started_at=now, ended_at=now
        ).pk

    @database_sync_to_async
    def is_embedded(turn: int) -> bool:
        return Passage.objects.filter(turn=turn).exists()

    conversation = await start()
    worker = Worker(offline)
    running = asyncio.create_task(worker.run())
    await asyncio.sleep(4 * PAUSE_S)
    delays_ms, cpu_ms = [], []
    for number in range(1, turns + 1):
        await asyncio.sleep(PAUSE_S)
        turn = await store(conversation, number)
        stored, cpu = time.perf_counter(), time.process_time()
        while not await is_embedded(turn):  # noqa: ASYNC110 (looked at)
            await asyncio.sleep(0.001)
        delays_ms.append((time.perf_counter() - stored) * 1000)
        cpu_ms.append((time.process_time() - cpu) * 1000)
    await worker.stop(5.0)
    await asyncio.wait([running])
    print(summary("stored → embedded", delays_ms))
    print(summary("CPU of the process meanwhile, with our looking", cpu_ms))


if __name__ == "__main__":
    with servers():
        prepare()
        asyncio.run(measure(*map(int, sys.argv[1:] or ["20"])))
