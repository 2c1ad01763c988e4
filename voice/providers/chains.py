"""The chains in force: every provider that can be had, behind failover, and the watch over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings

from voice.providers import registry
from voice.providers.absent import AbsentEar, AbsentVoice
from voice.providers.failover.deadlines import HEAR, SEARCH, SPEAK, THINK, Deadlines
from voice.providers.failover.health import Health, Patient
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.providers.failover.searching import SearchChain
from voice.providers.failover.shared import Shared
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.thinking import ThinkingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.probes import PROBES
from voice.providers.protocols import StandIn
from voice.providers.registry import Kind

DEADLINES: dict[Kind, Deadlines] = {"stt": HEAR, "llm": THINK, "tts": SPEAK, "search": SEARCH}

Members = dict[Kind, list[Member[Any]]]


@dataclass(frozen=True, slots=True)
class Chains:
    stt: HearingChain
    llm: ThinkingChain
    tts: SpeakingChain
    search: SearchChain | None
    """None where nobody can search."""
    members: Mapping[Kind, Sequence[Member[Any]]]

    @property
    def names(self) -> dict[str, list[str]]:
        """As `session` shows them, per stage in order."""
        return {kind: [member.name for member in chain] for kind, chain in self.members.items()}

    def health(self, shared: Shared) -> Health:
        """The watch over them. To be made on the event loop that runs it."""
        patients = {
            member.vitals.key: Patient(member.vitals, partial(PROBES[kind], member.provider))
            for kind, chain in self.members.items()
            if kind != "search"  # each request costs: the next search is the probe
            for member in chain
        }
        return Health(patients, shared)


def named() -> dict[Kind, list[str]]:
    """What the settings name, per stage."""
    return {
        "stt": settings.STT_CHAIN,
        "llm": settings.LLM_CHAIN,
        "tts": settings.TTS_CHAIN,
        "search": settings.SEARCH_CHAIN,
    }


def chains(named: Mapping[Kind, Sequence[str]]) -> Chains:
    """The providers of these chains, by stage. Raises registry.UnknownProvider."""
    members: Members = {kind: _members(kind, names) for kind, names in named.items()}
    return Chains(
        stt=HearingChain(members["stt"] or [_absent("stt", AbsentEar())]),
        llm=ThinkingChain(members["llm"]),
        # Where no voice can speak, the conversation goes on in writing.
        tts=SpeakingChain([*members["tts"], _absent("tts", AbsentVoice())]),
        search=SearchChain(members["search"]) if members["search"] else None,
        members=members,
    )


def _members(kind: Kind, names: Sequence[str]) -> list[Member[Any]]:
    links = registry.chain(kind, names)
    for link in links:
        if isinstance(link.provider, StandIn):
            link.provider.stands_in = len(links) > 1
    return [
        Member(
            link.name,
            link.provider,
            Vitals(link.key, DEADLINES[kind]),
            is_last_resort=link.name == registry.OFFLINE,
        )
        for link in links
    ]


def _absent(kind: Kind, provider: Any) -> Member[Any]:
    vitals = Vitals(f"{kind}/{provider.name}", DEADLINES[kind])
    return Member(provider.name, provider, vitals, is_last_resort=True, is_silent=True)
