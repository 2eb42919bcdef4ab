"""Errors in words for people: what happened, and what to do next."""

from typing import Final

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """An error as a page tells it.

    Attributes:
        status: the HTTP status, shown small.
        title: what happened, in a few words.
        text: what it means and what to do.
        detail: the use case's own sentence, when it says more.
    """

    status: int
    title: str
    text: str
    detail: str = ""


_WORDS: Final[dict[int, tuple[str, str]]] = {
    400: ("That did not make sense to the server", "Something in the address or the form cannot be understood."),
    403: ("You may not do this", "Your role does not allow it. An owner or admin of your team can change that."),
    404: (
        "There is nothing here",
        "It was removed, never existed, or belongs to a team that you are not signed in to.",
    ),
    405: ("This address does not work that way", "Go back and try the button or link again."),
    409: ("It exists already", "Choose another name."),
    413: ("That is too large", "Send less at once."),
    415: ("The server cannot read that", "It came in a form that this page does not take."),
    422: ("Something in there does not fit", "Go back and check what was entered."),
    429: ("Too many at once", "The server counts tries to protect you. Wait a moment, then try again."),
    500: (
        "The server made a mistake",
        "It is noted under the request's id below, and no build is affected. If it stays, tell who runs the server.",
    ),
    503: ("The server is busy", "Its database or its memory is taken up for the moment. Try again shortly."),
}
# ForbiddenError says this of a form whose page is too old; it has nothing to do with roles.
_CSRF: Final = ("The page was too old", "You signed in again meanwhile, or cookies are blocked. Load the page anew.")


def describe(status: int, detail: str) -> Fault:
    """Find the words for an error.

    Args:
        status: the HTTP status.
        detail: one sentence of the use case; empty for none.
    """
    if detail.startswith("CSRF token"):
        return Fault(status, *_CSRF)
    title, text = _WORDS.get(status) or _WORDS[500 if status >= 500 else 400]  # noqa: PLR2004 - HTTP's classes
    return Fault(status, title, text, detail)
