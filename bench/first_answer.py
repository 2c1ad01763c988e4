"""From nothing to the first spoken answer: the project copied to a new folder, so with no data and
no compiled Python of its own, and started by its supervisor as `make run` does.

The question is asked as soon as the site is ready, while models are still loading behind the open
door: end of speech → first frame of reply audio, over the wire. Then the same is started a second
time. A page counts once it has come in whole. Not in these times: make itself, and the interpreter
that runs the bench. Usage: python -m bench.first_answer [runs]
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.figures import summary
from bench.servers import is_warm
from bench.speech.clips import BYTES_PER_S
from tests.browser.recordings import Recording
from tests.network.client import Client
from tests.serving import ROOT, Site, free_port, ready, stop
from voiceassistant import embedded

NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".env", "node_modules", "var", "__pycache__", ".*_cache"
)
ELSEWHERE = ("DATABASE_URL", "REDIS_URL", "REDIS_HOST")
"""Settings that would lead to other servers than those of the copy."""
QUESTION = "question_02.wav"
START_S, ANSWER_S = 120.0, 10.0
POLL_S = 0.01


@dataclass
class Figures:
    first_pages_ms: list[float] = field(default_factory=list)
    second_pages_ms: list[float] = field(default_factory=list)
    answers_ms: list[float] = field(default_factory=list)
    unanswered: int = 0
    still_warming: int = 0
    """Questions that had been asked to the end before warm-up was over."""


@contextmanager
def fresh_copy() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="voiceassistant-fresh-"))
    try:
        copy = Path(shutil.copytree(ROOT, folder / "voiceassistant", ignore=NOT_COPIED))
        folder.chmod(0o755)  # for root: Postgres runs as somebody else and has to get in
        yield copy
        shutil.rmtree(embedded.Place(copy / "var").sockets, ignore_errors=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(copy: Path, pages_ms: list[float]) -> Iterator[Site]:
    """The copy while it runs. What its first page took from the start of the process is added."""
    port, log = free_port(), copy.parent / "site.log"
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    environment |= {"HOST": "localhost", "PORT": str(port), "LOG_FORMAT": "json"}
    environment |= {"LOG_LEVEL": "INFO", "ENV_FILE": os.devnull}
    began = time.monotonic()
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "voiceassistant.supervisor"],
            cwd=copy,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
    try:
        url = f"http://localhost:{port}"
        first_page(f"{url}/", process, log)
        pages_ms.append((time.monotonic() - began) * 1000)
        user, password = ready(process, log)
        yield Site(url, user, password, database_url="", redis_url="", process=process, log=log)
    finally:
        stop(process)


def first_page(url: str, process: "subprocess.Popen[str]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=START_S) as answer:
                answer.read()
            return
        except OSError:  # nobody listens yet
            time.sleep(POLL_S)
    raise RuntimeError(f"The site did not start: {log.read_text()[-3000:]}")


async def ask(site: Site, figures: Figures) -> None:
    question = Recording.named(QUESTION)
    loop = asyncio.get_running_loop()
    async with Client(f"{site.socket_url}/voice/new?token={site.token()}") as client:
        await client.until("session")
        await client.speak(question.samples()[: int(question.end_s * BYTES_PER_S) // 2 * 2])
        ended = loop.time()
        figures.still_warming += not is_warm(site)
        while not client.audio and loop.time() < ended + ANSWER_S:
            await client.be_silent(0.1)
        if client.audio:
            figures.answers_ms.append((client.audio[0][0] - ended) * 1000)
        else:
            figures.unanswered += 1


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    figures = Figures()
    for _ in range(runs):
        with fresh_copy() as copy:
            with started(copy, figures.first_pages_ms) as site:
                asyncio.run(ask(site, figures))
            with started(copy, figures.second_pages_ms):
                pass
    print(summary("first start → first page", figures.first_pages_ms))
    print(summary("second start → first page", figures.second_pages_ms))
    if figures.answers_ms:
        print(summary("first question, end of speech → reply audio", figures.answers_ms))
    print(f"asked while still warming up: {figures.still_warming} of {runs}")
    print(f"not answered within {ANSWER_S:g} s: {figures.unanswered} of {runs}")


if __name__ == "__main__":
    main()
