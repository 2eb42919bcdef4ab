"""How often somebody may try to log in."""

import ipaddress

from limits import RateLimitItemPerHour

from exlogare_server import limits
from exlogare_server.errors import RateLimitedError
from exlogare_server.throttle import Throttle

# Whoever has one address of IPv6 has 2^64 of them (RFC 6177, section 2).
_IPV6_PREFIX_BITS = 64


class LoginTries:
    """A moving window of one hour for each client address.

    Args:
        throttle: counts them.
    """

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._item = RateLimitItemPerHour(limits.LOGIN_TRIES_PER_HOUR)

    def check(self, address: str) -> None:
        """Count a try.

        Raises:
            RateLimitedError: it is one too many.
            StoreUnavailableError: it cannot be counted, and the operator wants it refused then.
        """
        wait_s = self._throttle.hit(self._item, "login", _counted_as(address))
        if wait_s is not None:
            raise RateLimitedError(f"Too many tries to log in from your address; try again in {wait_s} s.", wait_s)


def _counted_as(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_PREFIX_BITS), strict=False))
    return str(parsed)
