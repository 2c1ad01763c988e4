"""A random conversation: somebody talks, coughs, interrupts, types and loses the network, with
providers that are fast, slow or broken. The same seed is the same conversation.
"""

import random
from collections.abc import Callable
from typing import TypeVar

from tests.scenarios.timeline import (
    Announces,
    Client,
    Commits,
    Database,
    Drops,
    Ear,
    Model,
    Mutes,
    Saves,
    Says,
    Step,
    Stops,
    Tells,
    Timeline,
    Types,
    Voice,
)

QUIET_S = 20.0
"""At the end, for every reply and every deadline to come to its end."""
WORD_S_MIN = 0.15
"""Nobody speaks faster; words that come faster are taken for an ear's invention."""
SENTENCE = "well I think that we could go to the park and then see what the weather is like"
BACKCHANNELS = ("mm-hm", "right", "okay", "yeah")
INTERRUPTIONS = ("no wait", "stop", "that is not what I meant", "hold on a second please")
ANSWERS = (
    "Yes.",
    "It is noon. The sun is out.",
    "One two three four five. Six seven eight nine ten.",
    "Let me think about that, since it depends on the weather, and on you. I would take a coat.",
)
T = TypeVar("T")


class Walk:
    """Draws one timeline."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._at = 0.3
        """How far it has come."""
        self._steps: list[Step] = []

    def timeline(self) -> Timeline:
        for _ in range(self._chance.randint(2, 7)):
            self._pick(self._acts())()
            self._wait(0.05, 4.0)
        return Timeline(
            user=tuple(self._steps),
            staff=self._staff(),
            ear=self._ear(),
            model=self._model(),
            voice=self._voice(),
            client=self._client(),
            database=self._database(),
            greeting=self._maybe(0.3, "Hello. How can I help you today?", ""),
            resume_window_s=5.0,
            ends_s=self._at + QUIET_S,
            microphone_off_s=self._at + 1.0,
        )

    def _acts(self) -> list[tuple[int, Callable[[], None]]]:
        """With how often each is done."""
        return [
            (10, self._talk),
            (4, lambda: self._say(self._chance.choice(BACKCHANNELS), 0.2, 0.5)),
            (4, lambda: self._say(self._chance.choice(INTERRUPTIONS), 0.4, 1.5)),
            (3, lambda: self._say("", 0.06, 0.6)),
            (3, lambda: self._say(self._chance.choice(("yes", "no", "seven")), 0.15, 0.5)),
            (3, lambda: self._steps.append(Types(self._at, "and what about tomorrow"))),
            (3, lambda: self._steps.append(Stops(self._at))),
            (2, lambda: self._steps.append(Commits(self._at))),
            (6, self._drop),
            (1, self._mute),
        ]

    def _talk(self) -> None:
        """A turn with pauses in it."""
        for _ in range(self._chance.randint(1, 3)):
            words = self._chance.randint(1, 6)
            start = self._chance.randrange(12)
            text = " ".join(SENTENCE.split()[start : start + words])
            self._say(text, 0.15 * words, 0.35 * words)
            self._wait(0.05, self._chance.choice((0.15, 0.4, 1.5)))

    def _say(self, text: str, least_s: float, most_s: float) -> None:
        takes_s = max(self._chance.uniform(least_s, most_s), WORD_S_MIN * len(text.split()))
        until = self._at + takes_s
        self._steps.append(Says(self._at, until, text, self._maybe(0.1, 0.6, 1.0)))
        self._at = until

    def _drop(self) -> None:
        """Comes back at once, within the window, after it, or never."""
        gone_s = self._chance.choice((0.05, 0.5, 1.0, 3.0, 8.0))
        back_s = None if self._chance.random() < 0.1 else self._at + gone_s
        self._steps.append(Drops(self._at, back_s, noticed=self._chance.random() < 0.7))
        self._at += self._chance.choice((0.0, gone_s))

    def _mute(self) -> None:
        self._steps.append(Mutes(self._at, self._at + self._chance.uniform(0.1, 4.0)))

    def _staff(self) -> tuple[Saves | Announces, ...]:
        """In a fifth of all walks."""
        if self._chance.random() >= 0.2:
            return ()
        moments = sorted(self._chance.uniform(0, self._at) for _ in range(3))
        return tuple(self._staff_step(number, at_s) for number, at_s in enumerate(moments))

    def _staff_step(self, number: int, at_s: float) -> Saves | Announces:
        if self._chance.random() < 0.4:
            return Announces(at_s, "We close in ten minutes.")
        return Saves(at_s, f"Be as in version {number}.", is_told=self._chance.random() < 0.7)

    # --- who serves them ------------------------------------------------------------------------
    def _ear(self) -> Ear:
        return Ear(
            interim_every_s=self._chance.choice((None, 0.1, 0.2, 0.5)),
            lag_s=self._chance.uniform(0.02, 0.4),
            final_s=self._maybe(0.05, None, self._chance.choice((0.05, 0.15, 0.4, 1.2))),
            tells=tuple(self._invented()),
            breaks_at_s=tuple(self._moments(0.1)),
        )

    def _invented(self) -> list[Tells]:
        """What an ear makes up out of nothing."""
        return [
            Tells(at_s, "Thank you.", is_final=self._chance.random() < 0.5)
            for at_s in self._moments(0.15)
        ]

    def _model(self) -> Model:
        return Model(
            answers=tuple(self._chance.choices(ANSWERS, k=4)),
            ttft_s=self._chance.choice((0.02, 0.2, 0.6, 1.5)),
            tokens_per_s=self._chance.choice((10.0, 50.0, 200.0)),
            failures=tuple(self._numbers(0.08)),
            hangs=tuple(self._numbers(0.04)),
            remembers=tuple(self._numbers(0.06)),
        )

    def _voice(self) -> Voice:
        return Voice(
            ttfb_s=self._chance.choice((0.01, 0.12, 0.5)),
            real_time=self._chance.choice((0.05, 0.2, 0.8, 1.3)),
            character_s=self._chance.uniform(0.04, 0.08),
            failures=tuple(self._numbers(0.06)),
        )

    def _client(self) -> Client:
        return Client(
            network_s=self._chance.choice((0.0, 0.02, 0.2)),
            buffer_s=self._chance.choice((0.0, 0.1, 0.3)),
            reports=self._chance.random() < 0.9,
        )

    def _database(self) -> Database:
        return Database(tuple((at_s, at_s + 1.5) for at_s in self._moments(0.1)))

    # --- chance ---------------------------------------------------------------------------------
    def _wait(self, least_s: float, most_s: float) -> None:
        self._at += self._chance.uniform(least_s, most_s)

    def _moments(self, share: float) -> list[float]:
        """None mostly; in this share of walks, one or two."""
        if self._chance.random() >= share:
            return []
        return sorted(self._chance.uniform(0, self._at) for _ in range(self._chance.randint(1, 2)))

    def _numbers(self, share: float) -> list[int]:
        return [number for number in range(8) if self._chance.random() < share]

    def _maybe(self, share: float, rare: T, usual: T) -> T:
        return rare if self._chance.random() < share else usual

    def _pick(self, weighted: list[tuple[int, Callable[[], None]]]) -> Callable[[], None]:
        weights, choices = zip(*weighted, strict=True)
        return self._chance.choices(choices, weights)[0]
