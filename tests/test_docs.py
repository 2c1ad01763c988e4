"""What the documentation says, held against the tree and the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice.edge import notices
from voice.turns import events as on
from voice.turns.machine import TRANSITIONS
from voice.turns.state import Phase
from voice.wire import Notice

ROOT = Path(__file__).resolve().parents[1]
LEFT_OUT = {"node_modules", "var"}
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MALFORMED = re.compile(r'Malformed\(\s*"(\w+)"')


def documents() -> list[Path]:
    """Every Markdown file of ours."""
    found = {path: path.relative_to(ROOT).parts for path in ROOT.rglob("*.md")}
    return sorted(
        path
        for path, parts in found.items()
        if not any(part in LEFT_OUT or part.startswith(".") for part in parts)
    )


def links(document: Path) -> Iterator[str]:
    """Targets that are not on another site and not within the same page."""
    for target in LINK.findall(CODE_BLOCK.sub("", document.read_text())):
        if not re.match(r"[a-z]+:|#", target):
            yield target.partition("#")[0]


def table_after(heading: str, document: str) -> list[list[str]]:
    """Rows of the first table below this heading, the header first."""
    section = (ROOT / document).read_text().partition(f"\n{heading}\n")[2]
    rows = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert rows, f"{document} has no table under {heading}"
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[0].splitlines()]
    return [cells[0], *cells[2:]]


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(document: Path):
    dead = [link for link in links(document) if not (document.parent / link).exists()]

    assert dead == []


def test_the_documentation_is_found():
    names = {str(path.relative_to(ROOT)) for path in documents()}

    assert {"README.md", "docs/protocol.md", "docs/decisions/0001-what-we-leave-aside.md"} <= names


def test_the_table_of_turns_is_the_machines():
    header, *rows = table_after("## The table", "docs/turn-taking.md")
    written = {
        (Phase(phase), getattr(on, row[0])): cell.strip("`")
        for row in rows
        for phase, cell in zip(header[1:], row[1:], strict=True)
        if cell != "–"
    }

    assert written == {pair: to.__name__ for pair, to in TRANSITIONS.items()}
    assert {row[0] for row in rows} == {event.__name__ for _, event in TRANSITIONS}


def test_the_protocol_names_every_code_of_an_error_and_a_notice():
    protocol = (ROOT / "docs/protocol.md").read_text()
    sources = [path.read_text() for path in (ROOT / "voice/wire").glob("*.py")]
    malformed = {code for source in sources for code in MALFORMED.findall(source)}
    noticed = {value.code for value in vars(notices).values() if isinstance(value, Notice)}

    assert malformed
    assert {code for code in malformed | noticed if f"`{code}`" not in protocol} == set()


def test_the_readme_names_every_setting():
    example = (ROOT / ".env.example").read_text()
    readme = (ROOT / "README.md").read_text()
    settings = re.findall(r"^#([A-Z0-9_]+)=", example, re.MULTILINE)

    assert [name for name in settings if f"`{name}`" not in readme] == []
