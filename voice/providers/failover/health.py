"""Keeps the breakers of this process and of all others the same, and probes what is due.

A probe is a small request of our own, so no user waits for a provider that may still be down.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable
from voice.providers.failover.shared import Shared
from voice.providers.failover.vitals import Vitals

log = structlog.get_logger()

SYNC_S = 0.5
"""How soon at the latest a process learns what another found out."""
PROBE_S = 10.0

Probe = Callable[[], Awaitable[float]]
"""Makes one small request; returns how long its first item took, in seconds. Raises
ProviderError."""


@dataclass(frozen=True, slots=True)
class Patient:
    vitals: Vitals
    probe: Probe | None
    """None: each request costs, and the next one of a user is the probe."""


class Health:
    """Of every provider in a chain. `run` is its life; made on the event loop that runs it."""

    def __init__(self, patients: Mapping[str, Patient], shared: Shared) -> None:
        self._patients = dict(patients)
        self._shared = shared
        self._changed = asyncio.Event()
        self._probing: set[str] = set()
        for patient in patients.values():
            patient.vitals.on_change = self._changed.set

    def watch(self, patient: Patient) -> None:
        """Look after this one, too. From any thread, since who goes through them takes a copy."""
        self._patients.setdefault(patient.vitals.key, patient)
        patient.vitals.on_change = self._changed.set

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                await self._exchange()
                for key in list(filter(self._is_due, list(self._patients))):
                    until = self._patients[key].vitals.breaker.until
                    if await self._shared.claim(key, until) and self._is_due(key):
                        tasks.create_task(self.probe(key))
                await self._wait()

    async def probe_all(self) -> None:
        """Ask each provider once, as warm-up does: their connections are open then, and their
        breakers know who is well, whatever was known before."""
        await self._exchange()
        await asyncio.gather(*(self._first_probe(key) for key in list(self._patients)))

    async def probe(self, key: str) -> None:
        """Ask this one, and close or open its breaker."""
        patient = self._patients[key]
        if patient.probe is None:
            return
        self._probing.add(key)
        try:
            patient.vitals.probing()
            first_s, error = await ask(key, patient.probe)
            patient.vitals.probed(first_s, error)
        finally:
            self._probing.discard(key)

    async def _first_probe(self, key: str) -> None:
        vitals, probe = self._patients[key].vitals, self._patients[key].probe
        if probe is None:
            return
        if not vitals.breaker.is_closed:
            await self.probe(key)
            return
        first_s, error = await ask(key, probe)
        if error:
            vitals.found_down(error)
        elif first_s is not None:
            vitals.first.note(first_s)

    async def _exchange(self) -> None:
        """The younger state holds, here and there."""
        theirs = await self._shared.read()
        mine = {key: patient.vitals.breaker for key, patient in list(self._patients.items())}
        for key in mine.keys() & theirs.keys():
            if theirs[key].changed_at > mine[key].changed_at:
                self._patients[key].vitals.adopt(theirs[key])
        younger = {
            key: breaker
            for key, breaker in mine.items()
            if breaker.changed_at > (theirs[key].changed_at if key in theirs else 0.0)
        }
        await self._shared.write(younger)

    def _is_due(self, key: str) -> bool:
        patient = self._patients[key]
        is_free = patient.probe is not None and key not in self._probing
        return is_free and patient.vitals.breaker.is_due(time.time())

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(SYNC_S):
                await self._changed.wait()
        except TimeoutError:
            return


async def ask(key: str, probe: Probe) -> tuple[float | None, ProviderError | None]:
    """How long its first item took, or what went wrong."""
    try:
        async with asyncio.timeout(PROBE_S):
            return await probe(), None
    except ProviderError as error:
        return None, error
    except TimeoutError:
        return None, ProviderTimeout(key, f"no answer to a probe within {PROBE_S:g} s")
    except Exception as error:  # an adapter's mistake must not end the watch over all the others
        log.exception("provider.probe_broke", provider=key)
        return None, ProviderUnavailable(key, f"probe broke: {type(error).__name__}")
