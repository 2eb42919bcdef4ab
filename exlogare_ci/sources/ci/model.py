"""The words that the log sources share: a job, a log, what a source is, and what goes wrong."""

import base64
import re
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar
from urllib.parse import quote

import msgspec

from exlogare_ci.errors import ClientError
from exlogare_ci.sources.excerpt import Excerpt

TOKEN_VARIABLE = "EXLOGARE_CI_TOKEN"  # noqa: S105 - a variable's name
USER_VARIABLE = "EXLOGARE_CI_USER"
API_URL_VARIABLE = "EXLOGARE_CI_API_URL"

Headers = Mapping[str, str]

_TOKEN = re.compile(r"[!-~]{1,4096}")  # visible ASCII: anything else would break the header
_Document = TypeVar("_Document")


class LogSourceError(ClientError):
    """The log cannot be had from the CI service.

    Attributes:
        status: the HTTP status of the service's answer; ``None`` where there was none.
    """

    def __init__(self, cause: str, fix: str = "", *, status: int | None = None) -> None:
        super().__init__(cause, fix)
        self.status = status


class Api(Protocol):
    """What a source uses of the service's API; ``exlogare_ci.sources.ci.http.HttpApi`` in real use."""

    def json(self, path: str, kind: type[_Document], params: Mapping[str, str] | None = None) -> _Document:
        """Ask for a JSON document.

        Args:
            path: from the root; or a whole URL that the service gave.
            kind: what it is decoded to; fields that it does not name are passed over.
            params: the query.

        Returns:
            The document.

        Raises:
            LogSourceError: the service refused, failed, took too long, or sent something else.
        """
        ...

    def text(
        self, path: str, params: Mapping[str, str] | None = None, accept: str = "text/plain"
    ) -> tuple[Excerpt, Headers]:
        """Ask for a log as text.

        Args:
            path: as for ``json``.
            params: the query.
            accept: the media type to ask for.

        Returns:
            The log, its middle left out when it is larger than 10 MiB, and the answer's headers, names in lower
            case.

        Raises:
            LogSourceError: as for ``json``.
        """
        ...


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """The job that we run in, and the ways out of it.

    Attributes:
        env: the environment.
        connect: opens the API at a root, with the headers that carry the credential.
        read_text: reads a small file: its text, or ``None`` when it cannot be read.
        read_properties: reads a Java properties file: its entries, none when it cannot be read.
    """

    env: Mapping[str, str]
    connect: Callable[[str, Headers], Api]
    read_text: Callable[[str], str | None]
    read_properties: Callable[[str], Mapping[str, str]]

    def first(self, *names: str) -> str | None:
        """Give the value of the first of some variables that is set and not empty."""
        return next((value for name in names if (value := self.env.get(name, "").strip())), None)

    def need(self, name: str) -> str:
        """Give a variable's value.

        Raises:
            LogSourceError: it is not set.
        """
        value = self.first(name)
        if value is None:
            raise LogSourceError(
                f"{name} is not set, so the job's log cannot be found.",
                "Run exl inside the job, and hand the CI service's variables on to the container that it runs in.",
            )
        return value

    def token(self, *names: str) -> str | None:
        """Give the token: of ``EXLOGARE_CI_TOKEN``, else of the first of some variables that is set.

        Raises:
            LogSourceError: it has characters that would break a header.
        """
        token = self.first(TOKEN_VARIABLE, *names)
        if token is not None and not _TOKEN.fullmatch(token):
            raise LogSourceError(
                f"What {' or '.join((TOKEN_VARIABLE, *names))} holds is no token: it has spaces or other characters "
                "that none has.",
                "Set it to the token alone.",
            )
        return token

    def root(self, usual: str) -> str:
        """Give the API's root: of ``EXLOGARE_CI_API_URL``, else the usual one; without a slash at its end."""
        return (self.first(API_URL_VARIABLE) or usual).rstrip("/")


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """A failed job's log.

    Attributes:
        excerpt: the log, at most some 10 MiB of it.
        what: what it is the log of, for a person, e.g. ``step test``.
        fields: what the service told of the failed job, as fields of ``RunContext``.
    """

    excerpt: Excerpt
    what: str
    fields: dict[str, str] = {}


class Source(Protocol):
    """What a module of ``exlogare_ci.sources.ci`` has to have to be one of ``SOURCES``.

    Attributes:
        NAME: the name for ``--from``.
        CI: the service, as in ``RunContext.ci``.
        TITLE: the service's name as its makers write it.
        DOCS: the vendor's pages that it was written from.
        TOKENS: the variables that may hold the token, beside ``EXLOGARE_CI_TOKEN``; none for a local file.
        NEEDS: what the token must be allowed to do.
        ADD: the one thing to add to the job when there is no token, as sentences.
        ANONYMOUS: whether it may work without a token; then it is tried when it is forced.
        SELECTS: what of the log is taken, for the reference page.
    """

    NAME: str
    CI: str
    TITLE: str
    DOCS: tuple[str, ...]
    TOKENS: tuple[str, ...]
    NEEDS: str
    ADD: str
    ANONYMOUS: bool
    SELECTS: str

    def ready(self, job: Job, /) -> bool:
        """Tell whether there is what it needs: the file, or a token."""
        ...

    def fetch(self, job: Job, /) -> Log:
        """Get the log.

        Raises:
            LogSourceError: it cannot be had.
        """
        ...


def basic(user: str, password: str) -> dict[str, str]:
    """Give the header of basic authentication (https://www.rfc-editor.org/rfc/rfc7617)."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode("utf-8", "replace")).decode()}


def bearer(token: str | None) -> dict[str, str]:
    """Give the header of a bearer token; none without a token."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def segment(value: str) -> str:
    """Quote a value for use as one segment of a path.

    Raises:
        LogSourceError: it would lead elsewhere.
    """
    if value in (".", ".."):
        raise LogSourceError(f"{value!r} cannot be a name in a URL, so the job's log cannot be found.")
    return quote(value, safe="", errors="replace")


def segments(value: str) -> str:
    """Quote a value whose slashes are those of a path, e.g. ``org/repo``."""
    return "/".join(segment(part) for part in value.split("/"))
