"""Patterns that are compiled when they are first used: most runs need few of them, and each takes about 0.1 ms."""

import re
from typing import Any, AnyStr, cast


class _Late:
    """Stands for a compiled pattern, and takes over its methods at the first call of one."""

    def __init__(self, source: Any, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        pattern = re.compile(self._source, self._flags)
        for method in ("match", "search", "fullmatch", "sub", "finditer", "findall", "split", "pattern"):
            setattr(self, method, getattr(pattern, method))
        return getattr(pattern, name)


def late(source: AnyStr, flags: int = 0) -> "re.Pattern[AnyStr]":
    """Return a pattern, compiled at its first use.

    Args:
        source: the pattern, text or bytes.
        flags: flags of ``re``.

    Returns:
        What behaves like ``re.compile(source, flags)``; a pattern that is wrong fails at its first use.
    """
    return cast("re.Pattern[AnyStr]", _Late(source, flags))
