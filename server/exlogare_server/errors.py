"""What can go wrong, in the words of the use cases; ``http/errors.py`` gives each its HTTP status."""

from collections.abc import Sequence

import msgspec


class FieldError(msgspec.Struct, frozen=True):
    """One field or parameter that does not fit.

    Attributes:
        loc: where it is: ``("body", "job")`` or ``("query", "limit")``.
        msg: one sentence that says what is wrong; never the value itself.
        type: a word that a program can test: ``missing``, ``string_too_long``, ….
    """

    loc: tuple[str, ...]
    msg: str
    type: str


class ServerError(Exception):
    """Something that the caller can be told: ``str(error)`` is one sentence without any text of a log."""


class SettingsError(ServerError):
    """A setting, or the folder it points to, cannot be used."""


class FieldsError(ServerError):
    """One or more fields of the body, or query parameters, do not fit.

    Attributes:
        errors: at least one.
    """

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("; ".join(f"{'.'.join(error.loc)}: {error.msg}" for error in errors))
        self.errors = tuple(errors)


class BadRequestError(ServerError):
    """The request cannot be understood, or asks for something that does not exist by that name."""


class CredentialError(ServerError):
    """There is no credential, or it is not (or no longer) valid."""


class ForbiddenError(ServerError):
    """The credential is right, and does not allow this."""


class NotFoundError(ServerError):
    """There is no such thing for this tenant."""


class ConflictError(ServerError):
    """It exists already."""


class TooLargeError(ServerError):
    """The body or the log is over its limit."""


class UnsupportedBodyError(ServerError):
    """The body's type or encoding is none that the server reads."""


class RetryLaterError(ServerError):
    """Nothing is wrong with the request; it can be sent again.

    Attributes:
        retry_after_s: how long to wait before, in whole seconds, at least 1.
    """

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = max(1, retry_after_s)


class RateLimitedError(RetryLaterError):
    """The tenant is over its rate."""


class BusyError(RetryLaterError):
    """The server holds as much work as its memory allows."""


class StoreUnavailableError(RetryLaterError):
    """The database does not take the work right now: away, locked or full."""
