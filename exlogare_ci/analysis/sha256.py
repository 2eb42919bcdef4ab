"""SHA-256 without OpenSSL, which ``hashlib`` loads first: two milliseconds of every start.

The standard library's ``random`` takes the same module for the same reason. Python calls it ``_sha2`` from 3.12 on, and
``_sha256`` before; where neither is there, ``hashlib`` is used.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

MODULES = ("_sha2", "_sha256", "hashlib")


def first_of(modules: Sequence[str]) -> Callable[[bytes], Any]:
    """Return SHA-256 from the first of some modules that there is.

    Raises:
        ImportError: none of them is there.
    """
    for name in modules:
        try:
            found: Callable[[bytes], Any] = import_module(name).sha256
        except ImportError:
            continue
        return found
    raise ImportError(f"Python has none of {', '.join(modules)}, so it has no SHA-256.")


_sha256 = first_of(MODULES)


def hex_digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes as 64 hex digits."""
    digits: str = _sha256(data).hexdigest()
    return digits
