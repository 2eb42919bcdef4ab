"""Whose server a URL leads to."""

import ipaddress
from urllib.parse import urlsplit


def origin(url: str) -> str:
    """Give scheme, host and port of a URL, in lower case, the scheme's own port left out; never a path."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return "an address that is none"
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine, by its name or address alone."""
    try:
        host = (urlsplit(url).hostname or "").lower().rstrip(".")
        return host == "localhost" or host.endswith(".localhost") or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
