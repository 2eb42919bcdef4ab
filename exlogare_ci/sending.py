"""A body to the server, and what belongs to it: keep it when it cannot be sent, wait for the analysis, send kept ones.

All of it in one budget of time. Nothing here prints; what there is to say comes back as sentences.
"""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from exlogare_ci import reading, settings
from exlogare_ci.context import RunContext
from exlogare_ci.credentials import Keychain, find
from exlogare_ci.errors import ClientError, RefusedError, SettingsError, UnavailableError
from exlogare_ci.payload import Payload
from exlogare_ci.settings import Settings
from exlogare_ci.transport import Transport
from exlogare_ci.unsent import FOLDER_VARIABLE, folder_of
from exlogare_ci.upload import Receipt, is_interactive, prepare, upload

if TYPE_CHECKING:
    from exlogare_ci.attempt import Progress

POLL_S = 0.5
POLL_S_MAX = 5.0
"""Between two questions whether the analysis is there: each wait is twice the one before."""

_NOT_FOUND, _FORBIDDEN = 404, 403


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a body.

    Attributes:
        receipt: the server's receipt; ``None`` when it could not be sent.
        error: why it could not be sent.
        is_kept: whether it is kept in the folder for later.
        analysis: the server's analysis as it gave it, where it was waited for.
        notes: sentences about everything beside: what is kept, what else was sent, why there is no analysis.
        wait_error: why there is no analysis although it was waited for.
    """

    receipt: Receipt | None = None
    error: ClientError | None = None
    is_kept: bool = False
    analysis: dict[str, Any] | None = None
    notes: tuple[str, ...] = ()
    wait_error: ClientError | None = None


def send(
    body: Payload,
    options: Settings,
    token: str,
    env: Mapping[str, str],
    *,
    wait: bool = False,
    progress: "Progress | None" = None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Sent:
    """Send a body within ``options.timeout_s``, and do in what is left of it what belongs to it.

    Args:
        body: from ``upload.prepare``.
        options: the server and how to reach it.
        token: a token with the scope ``ingest``; to wait, also ``read``.
        env: where the folder for what could not be sent is named.
        wait: whether to wait until the server has the analysis.
        progress: is told how much of the body is sent.
        clock: a monotonic time in seconds.
        sleep: waits for some seconds.

    Returns:
        What became of it; none of our errors is raised.
    """
    deadline_s = clock() + options.timeout_s
    try:
        receipt = upload(body, options, token, progress=progress)
    except ClientError as error:
        may_pass = isinstance(error, UnavailableError) and error.may_pass
        is_kept, notes = _keep(body, options.server_url(), token, env) if may_pass else (False, ())
        return Sent(error=error, is_kept=is_kept, notes=notes)
    analysis, wait_error = None, None
    if wait:
        try:
            analysis = wait_for(receipt.analysis_id, options, token, deadline_s, clock=clock, sleep=sleep)
        except ClientError as error:
            wait_error = error
    notes = (str(wait_error),) if wait_error is not None else ()
    notes += _send_kept(options, token, env, deadline_s, clock)
    return Sent(receipt=receipt, analysis=analysis, notes=notes, wait_error=wait_error)


def send_failure(
    context: RunContext,
    log: bytes,
    env: Mapping[str, str],
    *,
    status: str | None = None,
    provider: str | None = None,
    bytes_left_out: int = 0,
    url: str | None = None,
    timeout_s: float | None = None,
    ca_bundle: str | None = None,
    wait: bool = False,
    open_keychain: Callable[[], Keychain] | None = None,
) -> Sent | None:
    """Send a failed run's log where a server is set up; never raises one of our errors.

    Args:
        context: the run.
        log: its log.
        env: the environment: settings, token and secrets.
        status: the result; ``failed`` when ``None``.
        provider: the CI service's name; the context's when ``None``.
        bytes_left_out: how much of the log's middle is missing already.
        url: the server, instead of the environment's.
        timeout_s: the budget, instead of the environment's.
        ca_bundle: certificates to trust, instead of the environment's.
        wait: see ``send``.
        open_keychain: see ``credentials.find``.

    Returns:
        What became of it; ``None`` when neither a server nor a token is set, so that there is nothing to do and
        nothing to say.
    """
    try:
        options = settings.load(env, url=url, timeout_s=timeout_s, ca_bundle=ca_bundle)
        if options.url is None and not env.get("EXLOGARE_TOKEN", "").strip():
            return None
        address = options.server_url()
        credential = find(env, address, use_keychain=is_interactive(context, env), open_keychain=open_keychain)
        body = prepare(context, log, env, status=status or "failed", provider=provider, bytes_left_out=bytes_left_out)
    except ClientError as error:
        return Sent(error=error)
    return send(body, options, credential.token, env, wait=wait)


def wait_for(
    analysis_id: str,
    options: Settings,
    token: str,
    deadline_s: float,
    *,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[str, Any]:
    """Ask for an analysis until the server has it.

    Args:
        analysis_id: of the receipt.
        options: the server and how to reach it.
        token: a token with the scope ``read``.
        deadline_s: when to give up, by ``clock``.
        clock: a monotonic time in seconds.
        sleep: waits for some seconds.

    Returns:
        The analysis as the server gave it.

    Raises:
        UnavailableError: it is not there in time, or the server failed.
        RefusedError: the token may not read.
    """
    delay_s = POLL_S
    while True:
        transport = Transport(
            options.server_url(),
            token,
            timeout_s=max(1.0, deadline_s - clock()),
            ca_bundle=options.ca_bundle,
            allow_http=options.allow_http,
        )
        try:
            return reading.read_analysis(transport, analysis_id)
        except RefusedError as error:
            if error.status == _FORBIDDEN:
                raise RefusedError(
                    f"The log is sent, but {transport.server} does not show its analysis to this token.",
                    "To wait for it use a token with the scopes ingest and read.",
                    status=error.status,
                ) from None
            if error.status != _NOT_FOUND:
                raise
        if clock() + delay_s >= deadline_s:
            raise UnavailableError(
                f"The log is sent, but {transport.server} has not analysed it within {options.timeout_s:.0f} s.",
                f"See later: exl analyses show {analysis_id}. Or allow it more time with --timeout.",
            )
        sleep(delay_s)
        delay_s = min(POLL_S_MAX, delay_s * 2)


def one_sender(
    options: Settings, token: str, deadline_s: float, clock: Callable[[], float] = time.monotonic
) -> tuple[Callable[[Payload], object], Callable[[], bool]]:
    """Give what ``UnsentFolder.flush`` needs: a way to send one body, and whether there is time for another.

    Args:
        options: the server and how to reach it.
        token: the token.
        deadline_s: when to give up, by ``clock``.
        clock: a monotonic time in seconds.
    """

    def send_one(body: Payload) -> object:
        left_s = max(1.0, deadline_s - clock())
        return upload(body, msgspec.structs.replace(options, timeout_s=left_s), token)

    return send_one, lambda: clock() < deadline_s


def _keep(body: Payload, url: str, token: str, env: Mapping[str, str]) -> tuple[bool, tuple[str, ...]]:
    """Keep what could not be sent where a folder for it is set."""
    try:
        folder = folder_of(env, url, token)
        if folder is None:
            return False, ()
        folder.add(body)
    except OSError as error:
        return False, (f"the log could not be kept in {FOLDER_VARIABLE}: {error.strerror or error}.",)
    except SettingsError as error:
        return False, (str(error),)
    return True, (f"the log is kept in {FOLDER_VARIABLE}; exl flush sends it.",)


def _send_kept(
    options: Settings, token: str, env: Mapping[str, str], deadline_s: float, clock: Callable[[], float]
) -> tuple[str, ...]:
    """Send what earlier jobs could not, in the time that is left; a failure is no news, the next job tries."""
    try:
        folder = folder_of(env, options.server_url(), token)
    except SettingsError as error:
        return (str(error),)
    done = folder.flush(*one_sender(options, token, deadline_s, clock)) if folder is not None else None
    return (f"sent {done.sent} kept before.",) if done is not None and done.sent else ()
