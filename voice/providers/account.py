"""Who we are to a vendor, and what it means when the vendor says no.

The settings are named after the provider: <PROVIDER>_API_KEY, <PROVIDER>_BASE_URL and the model's.
A refusal names the one to look at, and is logged once however often it comes.
"""

import logging
from dataclasses import dataclass, field

from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)

logger = logging.getLogger(__name__)

LASTING = (401, 402, 403, 404, 429)
"""Statuses that every request of this account gets."""
SAID_MAX = 200
"""Characters of a vendor's own words that are passed on."""


@dataclass(frozen=True, slots=True)
class Account:
    provider: str
    key: str = field(repr=False)
    base_url: str
    model: str
    model_setting: str
    """Name of the setting that holds `model`."""
    voice: str = ""
    """The voice to use where the agent names none; "" for the vendor's own, or where there are
    none to choose from."""
    vendor: str = ""
    """Whose key it is; "" where the provider is called like its vendor."""
    _told: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    @property
    def setting(self) -> str:
        """What the names of its settings begin with."""
        return (self.vendor or self.provider).upper()

    def error(
        self,
        status: int,
        said: str = "",
        *,
        about: str = "",
        retry_after: str | None = None,
    ) -> ProviderError:
        """What an HTTP status means. said: the vendor's own words. about: what we asked for, where
        it may be that. retry_after: the header of that name."""
        wait_s = _seconds(retry_after)
        said = self._clean(said)
        if status == 408:
            return ProviderTimeout(self.provider, "gave up waiting (HTTP 408)")
        if status >= 500:
            return ProviderUnavailable(
                self.provider, f"broken on their side (HTTP {status})", retry_after_s=wait_s
            )
        if status == 429 and "insufficient_quota" not in said:
            return ProviderBusy(self.provider, "too many requests (HTTP 429)", retry_after_s=wait_s)
        return self.rejected(
            f"{self._refusal(status, about)} (HTTP {status})",
            is_ours=status not in LASTING,
            said="" if status in (401, 403) else said,  # which may quote a part of the key
        )

    def rejected(self, message: str, *, is_ours: bool = False, said: str = "") -> ProviderRejected:
        """Trouble that only somebody with the settings can mend; said once in the log. is_ours:
        with this request, while others may be welcome. said: the vendor's own words."""
        error = ProviderRejected(self.provider, message, is_ours=is_ours, said=said)
        if message not in self._told:
            self._told.add(message)
            logger.error("%s", error)
            if said:
                logger.debug("%s says: %s", self.provider, said)
        return error

    def _refusal(self, status: int, about: str) -> str:
        if status in (401, 403):
            return f"refuses the key; check {self.setting}_API_KEY"
        if status in (402, 429):
            return f"the account of {self.setting}_API_KEY has no credit left"
        if status == 404:
            return (
                f"knows no model “{self.model}”; "
                f"check {self.model_setting} and {self.setting}_BASE_URL"
            )
        asked = f": {about}" if about else ""
        return f"refuses the request; check {self.model_setting}={self.model}{asked}"

    def _clean(self, said: str) -> str:
        hidden = said.replace(self.key, "…") if self.key else said
        return " ".join(hidden.split())[:SAID_MAX]


def _seconds(retry_after: str | None) -> float | None:
    """The header's seconds; its other form, a date, comes from no provider here."""
    try:
        return max(0.0, float(retry_after)) if retry_after else None
    except ValueError:
        return None
