"""The rate limit of the ingest endpoints."""

import uuid

import pytest

from exlogare_server.errors import RateLimitedError
from exlogare_server.ingest.rate import IngestRate
from exlogare_server.throttle import Throttle

ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def test_request_over_the_rate_is_refused() -> None:
    """The one after the last is told when there will be room again."""
    rate = IngestRate(3, Throttle())
    for _ in range(3):
        rate.check(ONE, "jenkins")

    with pytest.raises(RateLimitedError) as caught:
        rate.check(ONE, "jenkins")

    assert 1 <= caught.value.retry_after_s <= 60
    assert "3 requests a minute" in str(caught.value)


def test_tenants_and_endpoints_count_apart() -> None:
    """Nobody's builds hold up another's, nor one service's another's."""
    rate = IngestRate(1, Throttle())

    rate.check(ONE, "jenkins")
    rate.check(OTHER, "jenkins")
    rate.check(ONE, "drone")

    with pytest.raises(RateLimitedError):
        rate.check(OTHER, "jenkins")


def test_zero_is_no_limit() -> None:
    """The limit can be turned off."""
    rate = IngestRate(0, Throttle())

    for _ in range(1000):
        rate.check(ONE, "log")
