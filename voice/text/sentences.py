"""Cut a stream of tokens into pieces worth speaking: sentences, and first of all a clause.

Pure. Laid end to end, the pieces are the text, to the character. A piece is given out once the text
after it shows that it is complete; the last one on `flush`. For voices that begin to speak before
they have the whole sentence, the first one comes a few words at a time.
"""

import re

SENTENCE_END = ".!?…"
CJK_END = "。！？｡；"
CLAUSE_END = ",;:，、"
CLOSERS = "\"'”’»)]}*_」』）"
FIRST_CLAUSE_CHARS = 20
"""A reply's first piece may end at a comma from here on: about a second of speech, long enough for
the next piece to arrive meanwhile."""
OPENING_WORDS, MORE_WORDS = 3, 6
"""So many words an unfinished sentence begins with, and grows by at a time: the first sound takes
no longer to make than it takes the model to write the next ones."""
PIECE_CHARS_MAX = 300
"""A piece without any end is cut at a space here: 20 s of speech, the most that providers like."""

# fmt: off
ABBREVIATIONS = frozenset({
    "mr", "mrs", "ms", "dr", "prof", "st", "sr", "jr", "hon", "rev", "gen", "gov", "capt", "sgt",
    "lt", "col", "mt", "ave", "blvd", "rd", "dept", "inc", "ltd", "co", "corp", "no", "vol", "fig",
    "vs", "etc", "e.g", "i.e", "cf", "al", "ca", "approx", "est", "min", "max", "a.m", "p.m",
    "u.s", "u.k", "e.u", "ph.d", "b.a", "m.a", "jan", "feb", "mar", "apr", "jun", "jul", "aug",
    "sep", "sept", "oct", "nov", "dec",
})
AT_THE_END_TOO = frozenset({
    "jr", "sr", "inc", "ltd", "co", "corp", "no", "etc", "al", "a.m", "p.m", "ph.d", "min",
})
# fmt: on
"""Abbreviations that end a sentence as well; they do when a capital follows."""

_BREAK = re.compile(
    rf"(?P<cjk>[{CJK_END}]+[{re.escape(CLOSERS)}]*)"
    rf"|(?P<sentence>[{SENTENCE_END}]+[{re.escape(CLOSERS)}]*(?=\s))"
    rf"|(?P<line>\n)"
    rf"|(?P<clause>[{CLAUSE_END}][{re.escape(CLOSERS)}]*(?=\s)|[，、]|\s[–—](?=\s)|—(?=\w))"
)
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[*_]*$")
_LIST_NUMBER = re.compile(r"(^|\n)\s*\(?(\d{1,3}|[a-zA-Z])$")


_PLAIN_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*[,;:]?[ ]+"
"""How it is said does not depend on what follows: no number, no mark-up, nothing abbreviated."""
_OPENING = re.compile(rf"(?:{_PLAIN_WORD}){{{OPENING_WORDS},}}(?=\w)")
_MORE = re.compile(rf"(?:{_PLAIN_WORD}){{{MORE_WORDS},}}(?=\w)")


class Unfinished(str):
    """A piece that ends between two words of a sentence. The next one goes on with it, up to one
    that is not of this class."""

    __slots__ = ()


class SentenceSplitter:
    """For one reply. Feed it what the model says, speak what it gives back."""

    def __init__(self, *, in_words: bool = False) -> None:
        """in_words: give out the first sentence a few words at a time, as Unfinished."""
        self._in_words = in_words
        self._begun = ""
        """What was given out of a sentence that is not finished."""
        self._text = ""
        self._searched = 0
        """Up to here no break can come any more."""
        self._first = True

    def feed(self, token: str) -> list[str]:
        """The pieces that `token` completes, none of them without a letter or digit to speak."""
        self._text += token
        pieces = []
        while (piece := self._next_piece()) is not None:
            pieces.append(piece)
        return pieces

    def flush(self) -> list[str]:
        """The rest. It may be white space or marks alone: then there is nothing, and the text that
        was fed is the pieces and those."""
        rest, self._text, self._begun, self._searched = self._text, "", "", 0
        return [rest] if _speakable(rest) else []

    def _next_piece(self) -> str | None:
        end = self._next_end()
        if end is not None:
            self._begun = ""
            return self._take(end)
        if not self._in_words or not (self._first or self._begun):
            return None
        found = (_MORE if self._begun else _OPENING).match(self._text)
        if found is None:
            return None
        self._begun += found.group()
        return Unfinished(self._take(found.end()))

    def _take(self, end: int) -> str:
        piece, self._text = self._text[:end], self._text[end:]
        self._searched, self._first = 0, False
        return piece

    def _next_end(self) -> int | None:
        """Where the next piece ends, behind the white space that follows it; None for not yet."""
        for found in _BREAK.finditer(self._text, self._searched):
            end = _behind_space(self._text, found.end())
            if end == len(self._text) and found.lastgroup != "cjk":
                return self._cut_overlong()  # what follows decides, and is not there yet
            if self._ends_piece(found, end):
                return end
            self._searched = found.end()
        return self._cut_overlong()

    def _ends_piece(self, found: re.Match[str], end: int) -> bool:
        before, after = self._begun + self._text[: found.start()], self._text[end:]
        if not _speakable(before):
            return False
        match found.lastgroup:
            case "clause":
                return self._first and len(before.strip()) >= FIRST_CLAUSE_CHARS
            case "sentence":
                return _ends_sentence(before, found.group(), after)
        return True

    def _cut_overlong(self) -> int | None:
        if len(self._text) <= PIECE_CHARS_MAX:
            return None
        space = self._text.rfind(" ", 1, PIECE_CHARS_MAX)
        end = space + 1 if space > 0 else PIECE_CHARS_MAX
        return end if _speakable(self._text[:end]) else None


def _ends_sentence(before: str, mark: str, after: str) -> bool:
    """Whether `mark`, which white space follows, ends the sentence that `before` begins."""
    if mark[0] in "!?…" or mark.startswith(".."):
        return not after[0].islower()  # “Really?” he asked.
    if _LIST_NUMBER.search(before):
        return False
    found = _LAST_WORD.search(before)
    word = found.group().lower() if found else ""
    if len(word) == 1 and word.isalpha():  # an initial, unless it is "So do I."
        return word == "i"
    if word in ABBREVIATIONS:
        return word in AT_THE_END_TOO and after[0].isupper()
    return True


def _behind_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _speakable(text: str) -> bool:
    return any(character.isalnum() for character in text)
