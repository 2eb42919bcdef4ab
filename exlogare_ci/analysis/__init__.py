"""The engine: the raw log as bytes in, its root cause out. No network, no clock.

``analyze`` is loaded on first use, so that whoever only needs the model or the masking does not pay for the engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exlogare_ci.analysis.engine import analyze

__all__ = ["analyze"]


def __getattr__(name: str) -> Any:
    """Load ``analyze`` on first use.

    Raises:
        AttributeError: the package has no such name.
    """
    if name != "analyze":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from exlogare_ci.analysis.engine import analyze  # noqa: PLC0415 - loading it is what this function is for

    return analyze
