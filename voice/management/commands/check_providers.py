"""`manage.py check_providers`: one real call to each provider of the chains in force."""

import asyncio
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from voice.providers import registry
from voice.providers.chains import Chains, chains, named
from voice.providers.errors import ProviderError
from voice.providers.failover.health import ask
from voice.providers.failover.member import Member
from voice.providers.probes import PROBES
from voice.providers.registry import Kind

STAGES: dict[Kind, str] = {"stt": "hear", "llm": "think", "tts": "speak", "search": "search"}


class Command(BaseCommand):
    help = "Make one small real request to each provider; say which key, model or quota is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="Only these, e.g. deepgram groq.")

    def handle(self, *args: Any, names: list[str], **options: Any) -> None:
        try:
            available = chains(named())
        except registry.UnknownProvider as error:
            raise CommandError(str(error)) from error
        chosen = _chosen(available, set(names))
        self._say_what_is_left_out(available)
        failed = asyncio.run(self._check(chosen))
        if failed:
            raise CommandError(f"{failed} of {len(chosen)} providers did not answer.")

    async def _check(self, chosen: list[tuple[Kind, Member[Any]]]) -> int:
        """How many failed. One after the other, so that each has the machine to itself."""
        failed = 0
        for kind, member in chosen:
            first_s, error = await ask(member.name, partial(PROBES[kind], member.provider))
            failed += error is not None
            found = self._said_of(error) if error else f"{(first_s or 0) * 1000:.0f} ms"
            self.stdout.write(f"{STAGES[kind]:7} {member.vitals.key.partition('/')[2]:60} {found}")
            if close := getattr(member.provider, "aclose", None):
                await close()
        return failed

    def _said_of(self, error: ProviderError) -> str:
        """The vendor's own words, too: nobody has said anything that they could quote."""
        return self.style.ERROR(f"{error} {error.said}".strip())

    def _say_what_is_left_out(self, available: Chains) -> None:
        for kind, wanted in named().items():
            for name in wanted:
                if name not in available.names[kind]:
                    self.stdout.write(f"{STAGES[kind]:7} {name:60} left out: no key or address")


def _chosen(available: Chains, names: set[str]) -> list[tuple[Kind, Member[Any]]]:
    every = [(kind, member) for kind, chain in available.members.items() for member in chain]
    if unknown := names - {member.name for _, member in every}:
        raise CommandError(f"Not in any chain, or without a key: {', '.join(sorted(unknown))}.")
    return [(kind, member) for kind, member in every if not names or member.name in names]
