"""What can go wrong with a provider, as the pipeline sees it.

ProviderError
├─ ProviderTimeout      nothing came in time                    retryable
├─ ProviderUnavailable  cannot be reached, or broke off         retryable
├─ ProviderBusy         asks us to come back later              retryable
└─ ProviderRejected     key, model, quota or request is wrong   ours to fix
"""


class ProviderError(Exception):
    """A provider failed. `str()` is for the log: it holds no key, and no words of the vendor's that
    may quote what somebody said."""

    retryable = True

    def __init__(
        self,
        provider: str,
        message: str,
        *,
        retry_after_s: float | None = None,
        is_ours: bool = False,
        said: str = "",
    ) -> None:
        """retry_after_s: how long the provider asks to be left alone, where it says so. is_ours:
        this request or this machine is the reason, so it says nothing of the provider's health.
        said: the vendor's own words, which may quote the request, but no key."""
        super().__init__(f"{provider}: {message}")
        self.said = said
        self.provider = provider
        self.retry_after_s = retry_after_s
        self.is_ours = is_ours


class ProviderTimeout(ProviderError):
    """Nothing came within the time allowed."""


class ProviderUnavailable(ProviderError):
    """It cannot be reached, is not installed, or broke off in the middle."""


class ProviderBusy(ProviderError):
    """Too many requests: it wants to be asked later."""


class ProviderRejected(ProviderError):
    """The request was refused and would be again: a key, a model, a quota or our mistake."""

    retryable = False
