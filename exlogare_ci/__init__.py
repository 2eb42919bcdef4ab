"""Exlogare CI: the root cause of a failed CI build, where the developer is already looking.

``detect(env)`` says what is known of the CI run that an environment describes; ``analyze(log)`` finds the root
cause in a raw log. Both are offline and deterministic. ``send_failure`` masks a log and sends it
where a server is set up, and never raises. See docs/reference/library.md. Names are loaded on first use, because the
command's start-up time counts.
"""

from typing import TYPE_CHECKING, Any

from exlogare_ci.__about__ import __version__

if TYPE_CHECKING:
    from exlogare_ci.adapters import detect
    from exlogare_ci.analysis import analyze
    from exlogare_ci.analysis.model import Analysis
    from exlogare_ci.context import RunContext
    from exlogare_ci.errors import ClientError
    from exlogare_ci.sending import Sent, send_failure
    from exlogare_ci.settings import Settings
    from exlogare_ci.upload import Receipt

__all__ = [
    "Analysis", "ClientError", "Receipt", "RunContext", "Sent", "Settings", "__version__", "analyze", "detect",
    "send_failure",
]  # fmt: skip

_HOMES = {
    "Analysis": "exlogare_ci.analysis.model",
    "ClientError": "exlogare_ci.errors",
    "Receipt": "exlogare_ci.upload",
    "RunContext": "exlogare_ci.context",
    "Sent": "exlogare_ci.sending",
    "Settings": "exlogare_ci.settings",
    "analyze": "exlogare_ci.analysis",
    "detect": "exlogare_ci.adapters",
    "send_failure": "exlogare_ci.sending",
}


def __getattr__(name: str) -> Any:
    """Load a public name on first use.

    Raises:
        AttributeError: the package has no such name.
    """
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - only needed on this path

    return getattr(import_module(home), name)
