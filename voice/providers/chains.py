"""The chains in force: every provider that can be had, behind failover, and the watch over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog
from django.conf import settings

from voice.providers import registry
from voice.providers.absent import AbsentEar, AbsentVoice
from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.deadlines import HEAR, SEARCH, SPEAK, THINK, Deadlines
from voice.providers.failover.health import Health, Patient
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.providers.failover.searching import SearchChain
from voice.providers.failover.shared import Shared
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.thinking import ThinkingChain
from voice.providers.failover.vitals import Tell, Vitals
from voice.providers.probes import PROBES
from voice.providers.protocols import StandIn
from voice.providers.registry import Kind, Link

log = structlog.get_logger()

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
    tell: Tell = lambda happened, name: None
    """Told what becomes of their answers."""
    _models: dict[tuple[str, str], Member[Any] | None] = field(default_factory=dict)
    """Language models beside those of the settings, that some agent asks, by provider and model;
    None for one that cannot be had."""

    @property
    def names(self) -> dict[str, list[str]]:
        """As `session` shows them, per stage in order."""
        return {kind: [member.name for member in chain] for kind, chain in self.members.items()}

    def models(self, wanted: Sequence[tuple[str, str]]) -> list[Member[Any]]:
        """Language models for an agent: those it wants, as (provider, model or "" for the
        settings'), and after them the others of the chain. Those that cannot be had are left out,
        which is logged once for each."""
        first = [self._model(name, model) for name, model in wanted]
        chosen = [member for member in first if member is not None]
        names = {member.name for member in chosen}
        return [*chosen, *(m for m in self.members["llm"] if m.name not in names)]

    def beside(self, name: str, model: str) -> Member[Any] | None:
        """This language model, where some agent asked for it and it is none of the chain's."""
        return self._models.get((name, model or usual_model(name)))

    def has_models(self, wanted: Sequence[tuple[str, str]]) -> bool:
        """Whether `models` has nothing to make for these."""
        return all(self._is_settled(name, model) for name, model in wanted)

    def _is_settled(self, name: str, model: str) -> bool:
        key = (name, model or usual_model(name))
        return key in self._models or self._known(name, model) is not None

    def _known(self, name: str, model: str) -> Member[Any] | None:
        usual = usual_model(name)
        if model in ("", usual):
            of_chain = next((m for m in self.members["llm"] if m.name == name), None)
            return of_chain or self._models.get((name, usual))
        return self._models.get((name, model))

    def _model(self, name: str, model: str) -> Member[Any] | None:
        if self._is_settled(name, model):
            return self._known(name, model)
        model = model or usual_model(name)
        try:
            link = registry.one("llm", name, model=model)
        except (ProviderUnavailable, registry.UnknownProvider) as error:
            log.warning("agent.model_left_out", provider=name, model=model, error=str(error))
            return self._models.setdefault((name, model), None)
        return self._models.setdefault((name, model), _of_link("llm", link, self.tell))

    def health(self, shared: Shared) -> Health:
        """The watch over them. To be made on the event loop that runs it."""
        patients = {
            member.vitals.key: patient(kind, member)
            for kind, chain in self.members.items()
            for member in chain
        }
        return Health(patients, shared)


def usual_model(name: str) -> str:
    """The language model that the settings name for this provider; "" for none."""
    return str(settings.PROVIDERS.get(f"{name.upper()}_LLM_MODEL", ""))


def patient(kind: Kind, member: Member[Any]) -> Patient:
    """What watches over it."""
    is_costly = kind == "search"
    return Patient(member.vitals, None if is_costly else partial(PROBES[kind], member.provider))


def named() -> dict[Kind, list[str]]:
    """What the settings name, per stage."""
    return {
        "stt": settings.STT_CHAIN,
        "llm": settings.LLM_CHAIN,
        "tts": settings.TTS_CHAIN,
        "search": settings.SEARCH_CHAIN,
    }


def chains(
    named: Mapping[Kind, Sequence[str]], *, tell: Tell = lambda happened, name: None
) -> Chains:
    """The providers of these chains, by stage. Raises registry.UnknownProvider.

    tell: what becomes of their answers."""
    members: Members = {kind: _members(kind, names, tell) for kind, names in named.items()}
    return Chains(
        stt=HearingChain(members["stt"] or [_absent("stt", AbsentEar())]),
        llm=ThinkingChain(members["llm"]),
        # Where no voice can speak, the conversation goes on in writing.
        tts=SpeakingChain([*members["tts"], _absent("tts", AbsentVoice())]),
        search=SearchChain(members["search"]) if members["search"] else None,
        members=members,
        tell=tell,
    )


def _members(kind: Kind, names: Sequence[str], tell: Tell) -> list[Member[Any]]:
    links = registry.chain(kind, names)
    for link in links:
        if isinstance(link.provider, StandIn):
            link.provider.stands_in = len(links) > 1
    return [_of_link(kind, link, tell) for link in links]


def _of_link(kind: Kind, link: Link, tell: Tell) -> Member[Any]:
    vitals = Vitals(link.key, DEADLINES[kind], tell=tell)
    return Member(link.name, link.provider, vitals, is_last_resort=link.name == registry.OFFLINE)


def _absent(kind: Kind, provider: Any) -> Member[Any]:
    vitals = Vitals(f"{kind}/{provider.name}", DEADLINES[kind])
    return Member(provider.name, provider, vitals, is_last_resort=True, is_silent=True)
