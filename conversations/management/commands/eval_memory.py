"""`manage.py eval_memory`: how much recall finds, and how fast."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conversations.evaluation import dialogues, recall, synthetic
from conversations.evaluation.dialogues import Dialogue, Unreadable
from conversations.evaluation.recall import Asked
from voiceassistant import database

MISSES_SHOWN = 10
TEXT_SHOWN = 100


class Command(BaseCommand):
    help = (
        "Import dialogues (JSON lines) as conversations of their users, ask their questions by the"
        " real recall, list the worst misses, and end with one line of JSON. Nothing stays. With"
        " --synthetic, measure how long recall takes among that many turns, in a new database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help=f"Lines of {dialogues.SHAPE}.")
        parser.add_argument("--k", type=int, nargs="+", default=[5, 10, 20], help="Cut-offs.")
        parser.add_argument("--synthetic", type=int, metavar="TURNS", help="e.g. 1000000")

    def handle(
        self, *args: Any, file: Path | None, k: list[int], synthetic: int | None, **options: Any
    ) -> None:
        if (file is None) == (synthetic is None):
            raise CommandError("Give a file of dialogues, or --synthetic TURNS.")
        if synthetic is not None and synthetic < 1:
            raise CommandError("--synthetic wants at least one turn.")
        with database.at_hand():
            found = self._latency(synthetic) if synthetic is not None else self._recall(file, k)
        self.stdout.write(json.dumps(found))

    def _recall(self, file: Path | None, ks: list[int]) -> dict[str, object]:
        assert file is not None
        asked: list[Asked] = []
        try:
            for dialogue in dialogues.read(file):
                here = recall.ask_all(dialogue)
                asked += here
                self._tell(dialogue, here)
        except Unreadable as error:
            raise CommandError(str(error)) from error
        return recall.figures(asked, ks)

    def _tell(self, dialogue: Dialogue, asked: Sequence[Asked]) -> None:
        texts = {turn.id: f"{turn.speaker}: {turn.text}" for turn in dialogue.turns}
        missed = sorted(asked, key=lambda one: one.recall(20))[:MISSES_SHOWN]
        for one in (one for one in missed if one.recall(20) < 1):
            self.stdout.write(f"missed: {one.question.text}")
            for turn in sorted(one.question.evidence.difference(one.found[:20])):
                self.stdout.write(f"    {turn}  {texts[turn][:TEXT_SHOWN]}")

    def _latency(self, turns: int) -> dict[str, object]:
        return synthetic.measure(turns, tell=self.stdout.write)
