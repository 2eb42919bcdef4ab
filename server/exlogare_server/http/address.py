"""Which address a request comes from."""

import ipaddress
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(env: dict[str, Any], trusted: tuple[Network, ...]) -> str:
    """Give the client's address.

    ``X-Forwarded-For`` is believed from the right, as long as whoever wrote it is a trusted proxy: what a
    client puts there itself stands further left.

    Args:
        env: the WSGI environment.
        trusted: the operator's proxies.

    Returns:
        The address as text; maybe none, where the server has none to give (a Unix socket).
    """
    address = str(env.get("REMOTE_ADDR") or "")
    forwarded = [part.strip() for part in str(env.get("HTTP_X_FORWARDED_FOR") or "").split(",")]
    while forwarded and _is_in(address, trusted):
        further = _without_port(forwarded.pop())
        if _parsed(further) is None:
            break
        address = further
    return address


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return mapped or parsed


def _without_port(text: str) -> str:
    """Take ``[2001:db8::1]:80`` and ``192.0.2.1:80`` as well, as some proxies write them."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
