"""The ears that are open for one session: one, or two while the first is late, perhaps deaf, or
taken over from. Each listens in a task of its own.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence

import structlog

from voice.providers.failover.kept import Kept, Said
from voice.providers.failover.member import Member
from voice.providers.failover.open_ear import OpenEar
from voice.providers.protocols import SpeechToText, Transcript

log = structlog.get_logger()

CLOSE_S = 2.0
"""An ear closes within a second; one that doesn't is left behind, and logged."""


class Ears:
    """The first is the one whose words count. Iterating goes over those that are open at its
    beginning."""

    def __init__(
        self,
        kept: Kept,
        *,
        language: str,
        terms: Sequence[str],
        wake: Callable[[], None],
        on_given: Callable[[str, float], None],
    ) -> None:
        """kept: what each has to hear first. wake: called when one is open, or has failed.
        on_given: told now and then how many more seconds of sound an ear was given."""
        self.failed: set[str] = set()
        """Names of members whose ears failed since one was heard from."""
        self.expects_others = False
        """Than the first was told when it was opened."""
        self._kept = kept
        self._language = language
        self._terms = terms
        self._wake = wake
        self._on_given = on_given
        self._ears: list[OpenEar] = []
        self._tasks: dict[OpenEar, asyncio.Task[None]] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def __iter__(self) -> Iterator[OpenEar]:
        return iter(list(self._ears))

    def __len__(self) -> int:
        return len(self._ears)

    @property
    def first(self) -> OpenEar:
        return self._ears[0]

    @property
    def last(self) -> OpenEar:
        """The one that was opened last."""
        return self._ears[-1]

    def before(self, ear: OpenEar) -> list[OpenEar]:
        return self._ears[: self._ears.index(ear)]

    def expect(self, language: str, terms: Sequence[str]) -> None:
        """Those that are opened from now on are told to expect this."""
        if (language, tuple(terms)) != (self._language, tuple(self._terms)):
            self._language, self._terms = language, terms
            self.expects_others = True
            self._wake()

    def open(
        self, member: Member[SpeechToText], on_transcript: Callable[[OpenEar, Transcript], None]
    ) -> None:
        """Have this member listen as well."""
        ear = OpenEar(member, self._kept, on_transcript, self._wake)
        self._ears.append(ear)
        self._tasks[ear] = asyncio.create_task(ear.run(self._language, self._terms))

    def close(self, ear: OpenEar) -> None:
        """Without waiting for it."""
        self.account_for(ear)
        self._ears.remove(ear)
        task = self._tasks.pop(ear)
        task.cancel()
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    def close_all_but(self, kept: OpenEar) -> None:
        for ear in self:
            if ear is not kept:
                self.close(ear)

    async def leave(self) -> None:
        """Close all, and return when they are closed, after CLOSE_S at the latest."""
        for ear in self:
            self.close(ear)
        if self._leaving and (await asyncio.wait(self._leaving, timeout=CLOSE_S))[1]:
            log.warning("provider.not_closed", ears=len(self._leaving))

    async def give(self, said: Said) -> None:
        for ear in self:
            await ear.give(said)

    def account_for(self, ear: OpenEar) -> None:
        """Tell how much it was given."""
        if given_s := ear.take_given_s():
            self._on_given(ear.member.name, given_s)
