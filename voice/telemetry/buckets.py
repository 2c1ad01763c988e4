"""Histograms with buckets of equal ratio: eight to an octave, so that what is read from them is
within 4.5 % of what was put in. Pure.

`conversations/measures.py` reads the same buckets; a test holds the two together.
"""

import math
from collections.abc import Mapping

PER_OCTAVE = 8
VALUE_MAX = 65_536.0
LAST = PER_OCTAVE * int(math.log2(VALUE_MAX))
"""Bucket 0 holds what is 1 or less, bucket n what lies above 2^((n-1)/8) up to 2^(n/8); LAST + 1
holds what is beyond VALUE_MAX."""


def bucket_of(value: float) -> int:
    if value <= 1.0:
        return 0
    # Rounded, so that a value on an upper edge falls below it.
    return min(LAST + 1, math.ceil(round(PER_OCTAVE * math.log2(value), 9)))


def upper(bucket: int) -> float:
    """The largest value that it holds."""
    return math.inf if bucket > LAST else 2.0 ** (bucket / PER_OCTAVE)


def middle(bucket: int) -> float:
    """What a value in it is taken for: 0 in the first, VALUE_MAX in the last."""
    if bucket <= 0:
        return 0.0
    return VALUE_MAX if bucket > LAST else 2.0 ** ((bucket - 0.5) / PER_OCTAVE)


def quantile(counts: Mapping[int, int], q: float) -> float | None:
    """The value below which a share of `q` lies; None where there are none. counts: by bucket."""
    rank = max(1, math.ceil(q * sum(counts.values())))
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0:
            return middle(bucket)
    return None
