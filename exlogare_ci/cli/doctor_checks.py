"""What ``exl doctor`` looks at, in the order in which one thing needs another. Nothing here changes anything."""

import email.utils
import shutil
import time
import urllib.request
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

import msgspec

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import describe
from exlogare_ci.errors import ClientError, NotTrustedError

if TYPE_CHECKING:
    from exlogare_ci.answers import Reply
    from exlogare_ci.context import RunContext
    from exlogare_ci.credentials import Credential
    from exlogare_ci.settings import Settings

Status = Literal["ok", "warning", "problem", "skipped"]

REQUEST_S_MAX: Final = 10.0
"""For each of the three requests."""
SKEW_S_MAX: Final = 60.0
"""Less is no matter: the header has whole seconds, and certificates are made some minutes before they are used."""

_READ_PATH: Final = "/api/v1/analyses"
_INGEST_PATH: Final = "/api/ingest/log"
_UNAUTHORIZED, _FORBIDDEN, _UNPROCESSABLE, _TOO_MANY, _PROXY_AUTH = 401, 403, 422, 429, 407
_SERVER_ERROR = 500


class Check(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Attributes:
        name: what, in a word.
        status: ``problem`` is what keeps uploads from working.
        what: what was found, in a line.
        fix: what to change, as a sentence; empty where there is nothing to do.
        code: the exit code that a problem stands for; 0 otherwise.
    """

    name: str
    status: Status
    what: str
    fix: str = ""
    code: int = 0


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What was given on the command line; ``None`` leaves it to the environment.

    Attributes:
        url: the server.
        timeout_s: seconds for a request.
        ca_bundle: a file of certificates.
    """

    url: str | None = None
    timeout_s: float | None = None
    ca_bundle: str | None = None


def examine(
    env: Mapping[str, str], options: Options, folder: Path, *, wall_clock: Callable[[], float] = time.time
) -> Iterator[Check]:
    """Look at everything that an upload needs.

    Args:
        env: the environment.
        options: of the command line.
        folder: the working folder, for git.
        wall_clock: seconds since 1970.

    Yields:
        Each check as soon as it is done; what cannot be looked at is ``skipped``.
    """
    from exlogare_ci import plugins, settings  # noqa: PLC0415 - only where it is asked for

    context = yield from _environment(env, folder)
    unknown = settings.unknown_variables_warning(env)
    try:
        known = settings.load(env, url=options.url, timeout_s=options.timeout_s, ca_bundle=options.ca_bundle)
        url = known.server_url()
    except ClientError as error:
        yield _problem("settings", error)
        return
    problems = plugins.load(env).problems
    if unknown:
        yield Check("settings", "warning", unknown, "Correct the name, or unset it.")
    elif problems:
        yield Check("settings", "warning", problems[0], f"Correct {plugins.VARIABLE}.")
    else:
        yield Check("settings", "ok", f"server {url}")
    yield _proxy(url)
    reply = _ask("GET", url, _READ_PATH, known, None)
    yield _certificates(reply, known, env)
    yield from _server(reply, url, wall_clock())
    credential = _credential(env, url, known, context)
    yield _keychain(env, credential, context)
    if isinstance(credential, ClientError):
        yield _problem("token", credential)
    elif isinstance(reply, ClientError) or reply.status != _UNAUTHORIZED:
        yield Check("token", "skipped", f"{_shown(credential)}; not shown to the server, see above")
    else:
        yield from _token(url, credential, known)


def _environment(env: Mapping[str, str], folder: Path) -> "Generator[Check, None, RunContext]":
    from exlogare_ci import git  # noqa: PLC0415 - see above
    from exlogare_ci.adapters import FORCE_VARIABLE, UnknownServiceError, detect  # noqa: PLC0415
    from exlogare_ci.context import RunContext  # noqa: PLC0415

    try:
        context = detect(env)
    except UnknownServiceError as error:
        yield Check("environment", "problem", str(error), code=exit_codes.USAGE)
        return RunContext()
    context = git.complete(context, folder)
    found = ", ".join(part for part in (context.ci, context.project, _run(context), context.branch) if part)
    if context.ci == "local" and env.get("CI", "").lower() in ("1", "true"):
        fix = f"Set {FORCE_VARIABLE} to its name, or give --provider."
        yield Check("environment", "warning", "a CI job, of a service that exl does not know", fix)
    elif context.project is None:
        yield Check("environment", "warning", f"{found}; the project is not known", "Give --project ORG/REPO.")
    else:
        yield Check("environment", "ok", found)
    if shutil.which("git", path=env.get("PATH")) is None:
        yield Check("git", "warning", "git is not in PATH", "Install it if the commit or the branch is missing.")
    return context


def _run(context: "RunContext") -> str:
    return f"run {context.build_number or context.run_id}" if context.build_number or context.run_id else ""


def _proxy(url: str) -> Check:
    from exlogare_ci.transport import is_loopback  # noqa: PLC0415 - see above

    parts = urlsplit(url)
    proxy = urllib.request.getproxies().get(parts.scheme)
    if proxy is None:
        return Check("proxy", "ok", "none is set")
    if is_loopback(url) or urllib.request.proxy_bypass(parts.hostname or ""):
        return Check("proxy", "ok", f"none is used for {parts.hostname}")
    named = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    return Check("proxy", "ok", f"{named.scheme}://{named.netloc.rpartition('@')[2]}")  # never its password


def _certificates(reply: "Reply | ClientError", known: "Settings", env: Mapping[str, str]) -> Check:
    """Say which certificates are trusted, whether their file is there, and whether the server's is among them."""
    if urlsplit(known.url or "").scheme == "http":
        return Check("certificates", "skipped", "the server is plain HTTP")
    trusted = "the usual authorities are trusted"
    others = ((name, env.get(name)) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    for name, file in (("EXLOGARE_CA_BUNDLE or --ca-bundle", known.ca_bundle), *others):
        if file and not Path(file).exists():
            what = f"{name} names {file}, which is not there"
            return Check("certificates", "problem", what, "Correct the path.", exit_codes.USAGE)
        if file:
            trusted = f"those in {file} are trusted"
            break
    if not isinstance(reply, NotTrustedError):
        return Check("certificates", "ok", trusted)
    if "expired" in reply.cause or "not yet valid" in reply.cause:
        fix = "Renew the server's certificate, unless this machine's clock is wrong."
        return Check("certificates", "problem", reply.cause, fix, exit_codes.UNAVAILABLE)
    return _problem("certificates", reply)


def _server(reply: "Reply | ClientError", url: str, now_s: float) -> Iterator[Check]:
    if isinstance(reply, NotTrustedError):
        yield Check("server", "skipped", "its certificate is not trusted, see above")
        return
    if isinstance(reply, ClientError):
        yield _problem("server", reply)
        return
    yield _answered(reply, url)
    skew_s = _skew_s(reply, now_s)
    if skew_s is None:
        yield Check("clock", "skipped", "the answer has no date")
    elif abs(skew_s) > SKEW_S_MAX:
        way = "ahead of" if skew_s > 0 else "behind"
        fix = "Set this machine's clock (NTP): certificates and times in reports depend on it."
        yield Check("clock", "warning", f"{abs(skew_s):.0f} s {way} the server's", fix)
    else:
        yield Check("clock", "ok", "agrees with the server's")


def _answered(reply: "Reply", url: str) -> Check:
    """Judge the answer to a request without a token; the contract says 401 with a word on how to log in."""
    from exlogare_ci.answers import error_of  # noqa: PLC0415 - see above

    if reply.status == _UNAUTHORIZED and "bearer" in reply.headers.get("www-authenticate", "").lower():
        return Check("server", "ok", f"{url} answers")
    if reply.is_redirect or reply.status >= _SERVER_ERROR or reply.status in (_PROXY_AUTH, _TOO_MANY):
        return _problem("server", error_of(reply, url))
    kind = reply.headers.get("content-type", "nothing said of its kind").partition(";")[0]
    return Check(
        "server", "problem", f"{url} answers {reply.status} ({kind}), not as an Exlogare server does",
        "Set EXLOGARE_URL to the server's root, and see whether a proxy or a login page is in between.",
        exit_codes.UNAVAILABLE,
    )  # fmt: skip


def _skew_s(reply: "Reply", now_s: float) -> float | None:
    try:
        return now_s - email.utils.parsedate_to_datetime(reply.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None


def _credential(
    env: Mapping[str, str], url: str, known: "Settings", context: "RunContext"
) -> "Credential | ClientError":
    from exlogare_ci.credentials import find  # noqa: PLC0415 - see above
    from exlogare_ci.transport import Transport  # noqa: PLC0415
    from exlogare_ci.upload import is_interactive  # noqa: PLC0415

    try:
        credential = find(env, url, use_keychain=is_interactive(context, env))
        Transport(url, credential.token, allow_http=known.allow_http)  # refuses to send it unencrypted
    except ClientError as error:
        return error
    return credential


def _keychain(env: Mapping[str, str], credential: "Credential | ClientError", context: "RunContext") -> Check:
    from exlogare_ci.errors import KeychainError  # noqa: PLC0415 - see above
    from exlogare_ci.upload import is_interactive  # noqa: PLC0415

    if not isinstance(credential, ClientError) and credential.source == "file":
        return Check("keychain", "skipped", "not needed: the token is kept in a file")
    if env.get("EXLOGARE_TOKEN", "").strip():
        return Check("keychain", "skipped", "not needed: EXLOGARE_TOKEN is set")
    if not is_interactive(context, env):
        return Check("keychain", "skipped", "not asked in a CI job")
    if isinstance(credential, KeychainError):
        return Check("keychain", "warning", credential.cause, credential.fix)
    return Check("keychain", "ok", "can be read")


def _token(url: str, credential: "Credential", known: "Settings") -> Iterator[Check]:
    """Show the token to the server, and find out its scopes without leaving anything there."""
    from exlogare_ci.answers import error_of  # noqa: PLC0415 - see above

    reading = _ask("GET", url, _READ_PATH, known, credential.token)
    if isinstance(reading, ClientError):
        yield _problem("token", reading)
        return
    may_read = reading.is_success
    if not may_read and not (reading.status == _FORBIDDEN and b"scope" in reading.body):
        yield _problem("token", error_of(reading, url))
        return
    yield Check("token", "ok", f"{_shown(credential)}; the server takes it")
    # A body without any field: with the scope it is refused for that, and nothing is stored or counted.
    sending = _ask("POST", url, _INGEST_PATH, known, credential.token)
    scopes = ["read"] if may_read else []
    if isinstance(sending, ClientError):
        yield _problem("scopes", sending)
    elif sending.status == _FORBIDDEN:
        have = f"only {scopes[0]}" if scopes else "neither ingest nor read"
        fix = "Create a token with the scope ingest; one for CI needs no other."
        yield Check("scopes", "problem", f"{have}: uploads are refused", fix, exit_codes.REFUSED)
    elif sending.status == _UNPROCESSABLE:
        note = "" if may_read else "; reading needs read, which a token for CI should not have"
        yield Check("scopes", "ok", ", ".join(["ingest", *scopes]) + note)
    else:
        why = "the rate limit is reached" if sending.status == _TOO_MANY else f"it answered {sending.status}"
        yield Check("scopes", "warning", f"ingest could not be tried: {why}", "Try again in a minute.")


def _ask(
    method: Literal["GET", "POST"], url: str, path: str, known: "Settings", token: str | None
) -> "Reply | ClientError":
    from exlogare_ci.attempt import Body, Request, attempt  # noqa: PLC0415 - loads requests
    from exlogare_ci.transport import is_loopback, request_headers  # noqa: PLC0415

    has_body = method == "POST"
    request = Request(
        method=method,
        url=url + path,
        params=None if has_body else {"limit": "1"},
        headers=request_headers(has_body=has_body, compressed=False),
        body=Body(lambda: (b"{}",)) if has_body else None,
        token=token,
        ca_bundle=known.ca_bundle,
        use_proxies=not is_loopback(url),
    )
    try:
        return attempt(request, min(REQUEST_S_MAX, known.timeout_s))
    except ClientError as error:
        return error


def _shown(credential: "Credential") -> str:
    from exlogare_ci.credentials import shown  # noqa: PLC0415 - see above

    return f"{shown(credential.token)} from {credential.source}"


def _problem(name: str, error: ClientError) -> Check:
    return Check(name, "problem", error.cause, error.fix, describe(error)[1])
