"""How many pairs of questions would share an answer, and which wrongly so: by similarity alone, and
by the rules as well. The pairs in pairs.py are those that the rules were made with. The others were
written by somebody who did not know the rules: like a forum's (forum.jsonl), all different and as
much alike as can be (alike.jsonl), asked again aloud (again.jsonl).
Usage: python -m bench.cache [write FILE.jsonl]    (the pairs as `manage.py eval_cache` reads them)
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "voiceassistant.settings")

import django

django.setup()

from bench.cache.pairs import pairs  # noqa: E402
from conversations import cache, embeddings  # noqa: E402
from conversations.management.commands.eval_cache import (  # noqa: E402
    Judged,
    Pair,
    figures,
    judge,
    read,
)

FOLDER = Path(__file__).parent


def main() -> None:
    report("pairs.py", (Pair(*pair) for pair in pairs()))
    for name in ("forum", "alike", "again"):
        report(name, read(FOLDER / f"{name}.jsonl"))


def report(name: str, asked: Iterator[Pair]) -> None:
    judged = list(judge(asked, "en"))
    print(f"{name}: {len(judged)} pairs, {sum(one.pair.same for one in judged)} of them the same")
    for near in (0.85, 0.9, 0.95):
        alone = [Judged(one.pair, one.similarity, one.similarity >= near) for one in judged]
        print(f"similarity ≥ {near} alone: {json.dumps(figures(alone))}")
    print(f"with the rules: {json.dumps(figures(judged))}")
    tell("wrong", (one for one in judged if one.hit and not one.pair.same))
    tell("missed", (one for one in judged if one.pair.same and not one.hit))


def tell(what: str, judged: Iterable[Judged]) -> None:
    for one in judged:
        why = cache.why_not(one.pair.a, one.pair.b) or "far"
        print(f"  {what} {one.similarity:.3f} {why:10} {one.pair.a} | {one.pair.b}")


def write(file: Path) -> None:
    rows = (json.dumps({"a": a, "b": b, "same": same}) for a, b, same in pairs())
    file.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(Path(sys.argv[2]))
    else:
        main()
        embeddings.unload()
