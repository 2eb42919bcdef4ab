"""Which program a request comes from, in words for people."""

import re

# The first that fits counts: browsers name those that they descend from as well.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
# The first product of RFC 9110, section 10.1.5.
_PRODUCT = re.compile(r"[A-Za-z0-9._-]{1,40}")


def client_of(user_agent: str | None) -> str:
    """Name the program that sends a ``User-Agent``.

    Returns:
        As ``Firefox on Linux``, or the program alone; empty when the header says nothing.
    """
    text = user_agent or ""
    program = next((name for mark, name in _PROGRAMS if mark in text), None)
    if program is None:
        product = _PRODUCT.match(text)
        return product[0] if product else ""
    system = next((name for mark, name in _SYSTEMS if mark in text), None)
    return f"{program} on {system}" if system else program
