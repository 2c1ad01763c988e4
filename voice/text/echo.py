"""Words that are the assistant's own, come back through an open speaker. Pure.

Ears hear an echo badly, so letters are compared and not words: a misheard or cut word still has
most of its sound. When counts as much as what: an echo is heard while its words are audible, and a
user who repeats a word does so afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voice.text.letters import Run, SaidLetter, Word, letter_count, runs_alike, split

LATE_S, EARLY_S = 1.5, 1.0
"""How far from where its word was audible an echo may seem to be: an echo has 0.25 s of way, and a
transcript says only roughly when each of its words was heard."""
SHORT_WORDS = 2
SHORT_LATE_S, SHORT_EARLY_S = 0.7, 0.4
"""Of texts of one or two words the time is known better, and a user who repeats a word that was
said begins later than this."""

STRAY_SHARE = 0.4
STRAY_LETTERS = 5
"""An echo misheard has words that are none: this little of the text at most, each alone or not
longer together than this."""
COMMON_LETTERS, COMMON_LETTERS_TOGETHER = 8, 4
"""One word amid the user's own that is shorter, and several (“on a”), are said by everybody."""

COMPARED_WORDS = 80
"""Of the reply, the last of them: some 25 s."""


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word of a reply, and when it began to be audible; None where nobody knows."""

    text: str
    at_s: float | None = None


@dataclass(frozen=True, slots=True)
class HeardText:
    """What an ear understood, and from when to when it was spoken (or until now).

    Seconds on the clock of `SaidWord.at_s`.
    """

    text: str
    began_s: float = 0.0
    until_s: float = 0.0


def is_echo(heard: HeardText, said: Sequence[SaidWord], *, has_strays: bool = True) -> bool:
    """Whether it holds nothing of the user's own, but for words misheard amid an echo, each alone.

    So the first word after an echo does not count yet; `own_words` has it at once. has_strays:
    False once the sound itself says that somebody speaks: then every word counts.
    """
    words = split(heard.text)
    own = _own_runs(heard, words, said)
    if own and not has_strays:
        return False
    if any(b - a > 1 and letter_count(words[a:b]) > STRAY_LETTERS for a, b in own):
        return False
    letters = sum(letter_count(words[a:b]) for a, b in own)
    return bool(words) and letters <= STRAY_SHARE * letter_count(words)


def own_words(heard: HeardText, said: Sequence[SaidWord]) -> str:
    """What is left of `heard` without the assistant's words: all of it when nothing is an echo.

    said: in order, what was audible then. Words from long before or after do no harm where
    `at_s` is known; else they should be those of the last few seconds.
    """
    words = split(heard.text)
    own = _own_runs(heard, words, said)
    return " ".join(heard.text[words[a].start : words[b - 1].end] for a, b in own)


def said_words(text: str) -> list[SaidWord]:
    """The words of `text`, of which nobody knows when they were audible."""
    return [SaidWord(text[word.start : word.end]) for word in split(text)]


def _own_runs(heard: HeardText, words: list[Word], said: Sequence[SaidWord]) -> list[Run]:
    """What is no echo."""
    own: list[Run] = []
    begin = 0
    for first, end in [*_echo_runs(heard, words, said), (len(words), len(words))]:
        if first > begin:
            own.append((begin, first))
        begin = end
    return own


def _echo_runs(heard: HeardText, words: list[Word], said: Sequence[SaidWord]) -> list[Run]:
    if not words:
        return []
    windows = _windows(heard, words)
    letters = [
        SaidLetter(letter, said_word.at_s, begins_word=index == 0)
        for said_word in _audible(said, windows[0][0], windows[-1][1])
        for word in split(said_word.text)
        for index, letter in enumerate(word.letters)
    ]
    if not letters:
        return []
    runs = runs_alike(words, windows, letters)
    certain = [run for run in runs if not _is_common(words, run)]
    if 2 * sum(letter_count(words[a:b]) for a, b in certain) <= letter_count(words):
        return certain
    ends, beginnings = {end for _, end in runs}, {first for first, _ in runs} | {len(words)}
    return [run for run in runs if run in certain or run[0] in ends or run[1] in beginnings]


def _audible(said: Sequence[SaidWord], from_s: float, until_s: float) -> list[SaidWord]:
    """Those that are worth a comparison."""
    audible = [word for word in said if word.at_s is None or from_s <= word.at_s <= until_s]
    return audible[-COMPARED_WORDS:]


def _is_common(words: list[Word], run: Run) -> bool:
    """Whether so little agrees here that it says nothing amid other words."""
    first, end = run
    common = COMMON_LETTERS if end - first == 1 else COMMON_LETTERS_TOGETHER
    is_inside = first > 0 and len(words) > SHORT_WORDS
    return is_inside and letter_count(words[first:end]) < common


def _windows(heard: HeardText, words: list[Word]) -> list[tuple[float, float]]:
    """When each word must have begun to be audible to be an echo. Words were heard in proportion
    to their letters, as far as can be told."""
    is_short = len(words) <= SHORT_WORDS
    late_s = SHORT_LATE_S if is_short else LATE_S
    early_s = SHORT_EARLY_S if is_short else EARLY_S
    pace_s = (heard.until_s - heard.began_s) / max(1, letter_count(words))
    windows: list[tuple[float, float]] = []
    at_s = heard.began_s
    for word in words:
        end_s = at_s + pace_s * len(word.letters)
        windows.append((at_s - late_s, end_s + early_s))
        at_s = end_s
    return windows
