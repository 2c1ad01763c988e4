"""How often somebody may ask: so many requests in each second, minute or hour (settings.API_RATE).

Counted in Django's cache, which all web processes share where there is Redis. While it is away
everybody is let in, and the log says so.
"""

import re
import time
from dataclasses import dataclass
from functools import cache as remembered

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

log = structlog.get_logger()

SECONDS = {"s": 1, "min": 60, "h": 3600}
RATE = re.compile(r"(\d+)/(s|min|h)")


@dataclass(frozen=True, slots=True)
class Rate:
    requests: int
    window_s: int


@dataclass(frozen=True, slots=True)
class Spent:
    """How somebody stands in the current window."""

    rate: Rate
    asked: int
    """Requests so far, this one included."""
    left_s: float
    """Until the next window."""

    @property
    def is_too_much(self) -> bool:
        return self.asked > self.rate.requests

    @property
    def headers(self) -> dict[str, str]:
        """As in the IETF's draft of RateLimit header fields."""
        left = max(0, self.rate.requests - self.asked)
        return {
            "RateLimit-Policy": f'"default";q={self.rate.requests};w={self.rate.window_s}',
            "RateLimit": f'"default";r={left};t={max(1, round(self.left_s))}',
        }


@remembered
def rate(written: str) -> Rate | None:
    """“120/min” → 120 requests in 60 s; None for “”. Raises ValueError for anything else."""
    if not written:
        return None
    if not (parts := RATE.fullmatch(written)):
        raise ValueError(f"API_RATE is like 120/min, 5/s or 2000/h, and not {written!r}.")
    return Rate(int(parts[1]), SECONDS[parts[2]])


def spend(who: str) -> Spent | None:
    """Count one request of theirs; None where nothing is limited or nothing can be counted."""
    limit = rate(settings.API_RATE)
    if limit is None:
        return None
    window, gone_s = divmod(time.time(), limit.window_s)
    asked = _counted(f"api-rate:{who}:{int(window)}", limit.window_s)
    return None if asked is None else Spent(limit, asked, limit.window_s - gone_s)


def _counted(key: str, window_s: int) -> int | None:
    try:
        cache.add(key, 0, window_s)
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
    except (RedisError, OSError) as error:
        log.warning("api.rate_unavailable", error=str(error))
        return None
