"""A process that stores turns and does jobs, made to be killed: what a web process does, without
its sockets.

The model takes seconds to load, so one process loads it and forks: a number on stdin is the seed of
a further victim, whose process id comes back on stdout. A victim says in a file of its own what it
is about to store (`try`) and what was committed (`kept`), a line each.
"""

import asyncio
import json
import os
import random
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")
os.environ["TOKENIZERS_PARALLELISM"] = "false"  # it would be warned of at each fork

import django

django.setup()

from django.db import connections  # noqa: E402

from conversations import embeddings, selectors, services  # noqa: E402
from conversations.models import User  # noqa: E402
from voice.background.worker import Worker  # noqa: E402
from voice.providers.chains import Chains, chains  # noqa: E402
from voiceassistant import child  # noqa: E402

WORDS = ("my", "dog", "is", "called", "Rex", "and", "barks", "at", "postmen", "from", "Berlin")
TURNS = 10
"""Of a conversation; a longer one would be summed up."""
PAUSE_S = 0.1
GROWS = 0.3


class Diary:
    """What survives the writer: the kernel has each line before the next step."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(self, event: str, key: list[object], text: str) -> None:
        line = json.dumps({"event": event, "key": key, "text": text}) + "\n"
        os.write(self._file, line.encode())


class Writer:
    """Stores turns and replies, some of which grow at once."""

    def __init__(self, diary: Diary, seed: int) -> None:
        self._diary = diary
        self._chance = random.Random(seed)
        users = list(User.objects.order_by("pk"))
        self._user = users[seed % len(users)]
        self._agent = selectors.default_agent()

    def run(self) -> None:
        while True:
            conversation = services.start_conversation(self._user.pk, self._agent.pk)
            for number in range(1, TURNS + 1):
                for role in ("user", "assistant"):
                    self._store([str(conversation.pk), number, role])

    def _store(self, key: list[object]) -> None:
        text = self._sentence()
        self._record(key, text)
        if self._chance.random() < GROWS:
            time.sleep(self._chance.uniform(0, PAUSE_S))
            self._record(key, f"{text}, {self._sentence()}")
        time.sleep(self._chance.uniform(0, 2 * PAUSE_S))

    def _record(self, key: list[object], text: str) -> None:
        conversation, number, role = key
        now = datetime.now(UTC)
        self._diary.note("try", key, text)
        if role == "user":
            services.record_user_turn(
                conversation, number, text=text, source="spoken", started_at=now, ended_at=now
            )
        else:
            services.record_reply(
                conversation,
                number,
                reply=number,
                text=text,
                source="model",
                interrupted=False,
                started_at=now,
                ended_at=now,
                metrics={},
            )
        self._diary.note("kept", key, text)

    def _sentence(self) -> str:
        return " ".join(self._chance.choices(WORDS, k=self._chance.randint(3, 15)))


@cache
def offline() -> Chains:
    """No language model: what wants one is left for later."""
    return chains({"stt": [], "llm": ["offline"], "tts": [], "search": []})


def live(folder: Path, seed: int) -> None:
    """Until killed."""
    child.signal_when_parent_dies(signal.SIGKILL)
    writer = Writer(Diary(folder / f"{os.getpid()}.jsonl"), seed)
    threading.Thread(target=writer.run, daemon=True).start()
    asyncio.run(Worker(offline).run())


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    embeddings.warm_up()
    connections.close_all()
    print("warm", flush=True)
    for line in sys.stdin:
        if pid := os.fork():
            print(pid, flush=True)
        else:
            live(Path(sys.argv[1]), int(line))


if __name__ == "__main__":
    main()
