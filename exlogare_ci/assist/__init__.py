"""A language model, where the user configured one, for the words of an analysis that the engine is not sure of.

Off unless ``EXLOGARE_LLM_BASE_URL`` is set. The model sees masked lines, cites them, and its answer is checked; it
can change three texts of an analysis and nothing else. On any doubt, error or time-out the engine's own words stay.

``assist`` gives the analysis; ``ask`` also says why the engine's words stayed. ``given_lines`` makes what the model
is shown from a log. Names are loaded on first use: the settings alone need no engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exlogare_ci.assist.lines import given_lines
    from exlogare_ci.assist.session import ChatSession, HttpSession
    from exlogare_ci.assist.settings import AssistSettings, load
    from exlogare_ci.assist.wording import Outcome, ask, assist, is_wanted

__all__ = [
    "AssistSettings",
    "ChatSession",
    "HttpSession",
    "Outcome",
    "ask",
    "assist",
    "given_lines",
    "is_wanted",
    "load",
]

_HOMES = {
    "AssistSettings": "settings",
    "ChatSession": "session",
    "HttpSession": "session",
    "Outcome": "wording",
    "ask": "wording",
    "assist": "wording",
    "given_lines": "lines",
    "is_wanted": "wording",
    "load": "settings",
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

    return getattr(import_module(f"{__name__}.{home}"), name)
