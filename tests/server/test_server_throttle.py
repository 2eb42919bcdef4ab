"""Rates that several processes count together, on a real Redis, and what happens while it is away."""

import time
from collections.abc import Iterator

import pytest
from limits import RateLimitItem, RateLimitItemPerMinute

from exlogare_server import limits
from exlogare_server.errors import StoreUnavailableError
from exlogare_server.throttle import Throttle
from tests.server.databases import Redis, free_port

TWO = RateLimitItemPerMinute(2)


@pytest.fixture
def redis() -> Iterator[Redis]:
    """A Redis server."""
    server = Redis()
    server.start()
    yield server
    server.stop()


@pytest.mark.needs("redis")
def test_processes_count_together(redis: Redis) -> None:
    """What one let in the other one knows of; names are apart."""
    one, other = Throttle(redis.url), Throttle(redis.url)

    assert [one.hit(TWO, "a"), other.hit(TWO, "a"), other.hit(TWO, "b")] == [None, None, None]
    waits_s = [one.hit(TWO, "a"), other.hit(TWO, "a")]

    assert all(wait_s is not None and 1 <= wait_s <= 60 for wait_s in waits_s)


@pytest.mark.needs("redis")
def test_redis_goes_away_and_comes_back(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open throttle counts in memory meanwhile, a closed one refuses; both count in Redis again afterwards."""
    monkeypatch.setattr(limits, "REDIS_RETRY_S", 0.05)
    open_one, closed_one = Throttle(redis.url), Throttle(redis.url, open_when_away=False)
    assert (open_one.hit(TWO, "a"), closed_one.fault()) == (None, None)
    redis.stop()

    assert [open_one.hit(TWO, "a"), open_one.hit(TWO, "a")] == [None, None]
    assert open_one.hit(TWO, "a") is not None
    with pytest.raises(StoreUnavailableError, match="cannot be counted"):
        closed_one.hit(TWO, "a")
    assert (open_one.fault(), closed_one.fault()) == (
        None,
        "Redis does not answer, and EXLOGARE_REDIS_AWAY is closed.",
    )
    redis.start()
    time.sleep(limits.REDIS_RETRY_S)

    assert closed_one.fault() is None
    assert [open_one.hit(TWO, "b"), closed_one.hit(TWO, "b")] == [None, None]
    assert Throttle(redis.url).hit(TWO, "b") is not None


def test_redis_that_is_away_is_not_asked_by_every_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """One request finds out; the others do not wait for it."""
    throttle = Throttle(f"redis://127.0.0.1:{free_port()}/0")
    asked: list[int] = []
    shared = throttle._shared  # noqa: SLF001 - what is counted is how often this is asked
    assert shared is not None
    real = shared.hit

    def counted(item: RateLimitItem, *names: str) -> bool:
        asked.append(1)
        return real(item, *names)

    monkeypatch.setattr(shared, "hit", counted)

    many = RateLimitItemPerMinute(1000)
    assert [throttle.hit(many, "x") for _ in range(50)] == [None] * 50

    assert len(asked) == 1
