"""Whose server a URL leads to. Pure; never raises for any text."""

import ipaddress
from urllib.parse import SplitResult, urlsplit


def is_plain_url(url: str, *, with_query: bool = False) -> bool:
    """Tell whether a text is an ``http`` or ``https`` URL without user name; with a query only if that may be."""
    parts = _parts(url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    return "@" not in parts.netloc and (with_query or not parts.query) and url.isprintable() and " " not in url


def scheme(url: str) -> str:
    """Give a URL's scheme in lower case; empty when it has none."""
    parts = _parts(url)
    return parts.scheme if parts else ""


def origin(url: str) -> str:
    """Give scheme, host and port of a URL, in lower case, the scheme's own port left out; never a path."""
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return "an address that is none"
    host = parts.hostname.lower()
    host = f"[{host}]" if ":" in host else host
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in (None, usual) else "")


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine, by its name or address alone."""
    parts = _parts(url)
    host = (parts.hostname or "").lower().rstrip(".") if parts else ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return None
    return parts
