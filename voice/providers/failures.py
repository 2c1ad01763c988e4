"""What an SDK of OpenAI's shape raises, and which of our errors that is."""

from dataclasses import dataclass
from typing import Any

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderTimeout, ProviderUnavailable

GARBLED = (AttributeError, LookupError, TypeError, ValueError)
"""What comes of an answer that is not the protocol: the SDKs make objects of it unchecked."""


@dataclass(frozen=True, slots=True)
class Failures:
    timeouts: tuple[type[Exception], ...]
    refusals: tuple[type[Exception], ...]
    """Exceptions with a `status_code`, a `body` and a `response`."""
    others: tuple[type[Exception], ...]
    """Everything else, the HTTP library's own exceptions among it: some pass through the SDK."""

    @property
    def every(self) -> tuple[type[Exception], ...]:
        return (*self.timeouts, *self.refusals, *self.others, *GARBLED)

    def translated(self, account: Account, error: Exception) -> ProviderError:
        """error: one of `every`."""
        if isinstance(error, self.timeouts):
            return ProviderTimeout(account.provider, f"no answer in time ({type(error).__name__})")
        if isinstance(error, self.refusals):
            refusal: Any = error
            after = refusal.response.headers.get("retry-after")
            return account.error(refusal.status_code, _said(refusal.body), retry_after=after)
        return ProviderUnavailable(account.provider, f"broke off ({_brief(error)})")


def _said(body: object) -> str:
    """The message in an error's body, with its code; the SDKs differ in how deep it lies."""
    inner = body.get("error", body) if isinstance(body, dict) else body
    if not isinstance(inner, dict):
        return str(inner or "")
    return " ".join(str(inner[key]) for key in ("code", "message") if inner.get(key))


def _brief(error: Exception) -> str:
    """Its name, and the vendor's code for an error within a stream."""
    body = getattr(error, "body", None)
    code = (body.get("code") or body.get("type")) if isinstance(body, dict) else None
    return f"{type(error).__name__}: {code}" if code else type(error).__name__
