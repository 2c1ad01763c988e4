"""What can go wrong with a provider, as the pipeline sees it.

ProviderError
├─ ProviderTimeout      nothing came in time                    retryable
├─ ProviderUnavailable  cannot be reached, or broke off         retryable
├─ ProviderBusy         asks us to come back later              retryable
└─ ProviderRejected     key, model, quota or request is wrong   ours to fix
"""


class ProviderError(Exception):
    """A provider failed. `str()` is for the log and holds no key."""

    retryable = True

    def __init__(
        self,
        provider: str,
        message: str,
        *,
        retry_after_s: float | None = None,
        is_ours: bool = False,
    ) -> None:
        """retry_after_s: how long the provider asks to be left alone, where it says so. is_ours:
        this request or this machine is the reason, so it says nothing of the provider's health."""
        super().__init__(f"{provider}: {message}")
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
