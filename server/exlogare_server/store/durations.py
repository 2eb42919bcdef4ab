"""How long analyses took, as counts in buckets: eight for each doubling, so that a figure is right to 6 %.

Counts in buckets can be added over days; the times themselves would have to be sorted anew for each question.
"""

from collections.abc import Sequence

_STEPS = 8
_STEP_BITS = 3


def bucket_of(duration_ms: int) -> int:
    """Give the bucket of a duration of 0 ms or more; up to 15 ms each has its own."""
    value = max(0, duration_ms)
    shift = max(0, value.bit_length() - _STEP_BITS - 1)
    return shift * _STEPS + (value >> shift)


def bounds_ms(bucket: int) -> tuple[int, int]:
    """Give the smallest duration of a bucket, and the smallest one that is too large for it."""
    shift = max(0, bucket // _STEPS - 1)
    low = (bucket - shift * _STEPS) << shift
    return low, low + (1 << shift)


def percentile_ms(buckets: Sequence[tuple[int, int]], share: float) -> float | None:
    """Give the duration below which a share of the analyses lies.

    Args:
        buckets: pairs of bucket and count, ascending.
        share: above 0, at most 1.

    Returns:
        Milliseconds; ``None`` without any analysis.
    """
    wanted = share * sum(count for _, count in buckets)
    seen = 0
    for bucket, count in buckets:
        if count > 0 and seen + count >= wanted:
            low, high = bounds_ms(bucket)
            # Whole milliseconds are counted, so the largest one of a bucket is one below its end.
            return low + (high - 1 - low) * (wanted - seen) / count
        seen += count
    return None
