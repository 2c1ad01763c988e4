"""Whether somebody who speaks over the assistant wants the floor. Pure.

Judge again whenever something new is known, after LETS_PASS too: “yeah” lets pass, “yeah but” does
not. INTERRUPTS is for good. `bench/turns` measures the figures of the policy.
"""

from dataclasses import dataclass
from enum import Enum

from voice.text.backchannels import is_backchannel, may_become_backchannel
from voice.text.invented import is_invented


class Verdict(Enum):
    INTERRUPTS = "interrupts"
    LETS_PASS = "lets_pass"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Overlap:
    """The user's voice over a reply, or before one that is in the making, so far."""

    voiced_s: float
    """From its onset to its last voiced sample; that is now while the voice goes on."""
    silent_s: float | None = None
    """Since its last voiced sample; None while the voice goes on."""
    text: str = ""
    """What the ear has understood of it."""
    is_final: bool = False
    """The ear has said all that it understood."""
    is_echo: bool = False
    """The words are what the assistant is saying."""
    has_echo: bool = False
    """The microphone hears the assistant, too."""
    language: str = "en"
    """A BCP 47 tag."""


@dataclass(frozen=True, slots=True)
class Interruption:
    """Seconds, all from the onset but `silent_s` and `dip_s`."""

    wordless_s: float = 0.6
    """A voice that goes on for so long without words interrupts: coughs and “mm-hm” are shorter, or
    their words have come by then. At 0.5 one back-channel in seven would interrupt."""
    wordless_echo_s: float = 1.2
    """The same where the microphone hears the assistant: what is left of an echo may go on for a
    while, and is no reason for it to stop."""
    decide_s: float = 0.48
    """By then a sound that is over, or words that are no more than a back-channel, let the reply
    pass: full level again within 600 ms of the onset, with 60 ms to the speaker."""
    silent_s: float = 0.22
    """A sound that has been over for this long and brought no words was a cough."""
    last_word_s: float = 0.4
    """After so much silence “I” will not become “I see”."""
    word_s: float = 0.18
    """A sound that was over sooner was no word, whatever the ear makes of it: the shortest words of
    voices last 0.22 s. It is what an echo begins with, before it is known as one."""
    dip_s: float = 0.064
    """The least silence that ends a sound: two frames."""


def judge(overlap: Overlap, policy: Interruption) -> Verdict:
    if overlap.is_echo:
        return Verdict.LETS_PASS
    text = _heard(overlap, policy)
    if _has_content(text, overlap, policy):
        return Verdict.INTERRUPTS
    if not text and overlap.silent_s is None and overlap.voiced_s >= _wordless_s(overlap, policy):
        return Verdict.INTERRUPTS
    return Verdict.LETS_PASS if _pass_in_s(overlap, policy) == 0 else Verdict.UNDECIDED


def due_s(overlap: Overlap, policy: Interruption) -> float | None:
    """In how many seconds to judge again if nothing comes meanwhile; None once it is decided. By
    then `voiced_s` or `silent_s` has grown by as much."""
    if judge(overlap, policy) is not Verdict.UNDECIDED:
        return None
    if overlap.silent_s is None and not _heard(overlap, policy):
        return _wordless_s(overlap, policy) - overlap.voiced_s
    return _pass_in_s(overlap, policy)


def _wordless_s(overlap: Overlap, policy: Interruption) -> float:
    return policy.wordless_echo_s if overlap.has_echo else policy.wordless_s


def _heard(overlap: Overlap, policy: Interruption) -> str:
    """The words, if there was time to say them."""
    is_blip = overlap.silent_s is not None and overlap.voiced_s < policy.word_s
    is_made_up = is_invented(overlap.text, overlap.voiced_s, overlap.language)
    return "" if is_blip or is_made_up else overlap.text.strip()


def _has_content(text: str, overlap: Overlap, policy: Interruption) -> bool:
    if not text or is_backchannel(text, overlap.language):
        return False
    silent_s = overlap.silent_s or 0.0
    is_all = overlap.is_final or silent_s >= policy.last_word_s
    return is_all or not may_become_backchannel(text, overlap.language)


def _pass_in_s(overlap: Overlap, policy: Interruption) -> float:
    """How long until this is let pass, if nothing more comes and the voice does what it does."""
    has_words = bool(_heard(overlap, policy))
    if overlap.silent_s is None:
        left_s = policy.decide_s - overlap.voiced_s if has_words else float("inf")
        return max(0.0, left_s)
    left_s = policy.decide_s - overlap.voiced_s - overlap.silent_s
    dipped_in_s = policy.dip_s - overlap.silent_s
    if has_words:
        return max(0.0, dipped_in_s)
    return max(0.0, min(policy.silent_s - overlap.silent_s, max(left_s, dipped_in_s)))
