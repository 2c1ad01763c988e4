"""Somebody's words as one line of a prompt that cannot pass for anything else."""

import json
import re

MARKS = re.compile(r"[<>\[\]]")


def json_line(value: object) -> str:
    """The value as JSON. No text in it can end its line, its string or a tag around it, or write a
    mark of some model's template (“[INST]”): JSON escapes the first two, brackets and what cannot
    be seen are escaped here."""
    line = json.dumps(value, ensure_ascii=False)
    return "".join(
        _escaped(sign) if MARKS.match(sign) or not sign.isprintable() else sign for sign in line
    )


def _escaped(sign: str) -> str:
    return json.dumps(sign)[1:-1] if ord(sign) > 127 else f"\\u{ord(sign):04x}"
