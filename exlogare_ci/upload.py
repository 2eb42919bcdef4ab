"""The whole chain from a run and its log to the server's receipt; the only file that knows all of it."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from exlogare_ci import payload, redact, shorten
from exlogare_ci.context import RunContext
from exlogare_ci.errors import ProtocolError, TooLargeError
from exlogare_ci.payload import Payload
from exlogare_ci.settings import Settings
from exlogare_ci.transport import Transport, origin

if TYPE_CHECKING:
    from exlogare_ci.attempt import Progress


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the server made of an upload.

    Attributes:
        analysis_id: the analysis's id, for ``exl analyses show``.
        server: the server's root.
        endpoint: the ingest endpoint that was used.
        log_bytes: how much of the log was sent, in bytes of UTF-8 after masking.
        is_shortened: whether the middle of the log was left out.
    """

    analysis_id: str
    server: str
    endpoint: str
    log_bytes: int
    is_shortened: bool


class _Accepted(msgspec.Struct):
    """The contract's answer to an ingest."""

    analysis_id: str


def prepare(
    context: RunContext,
    log: bytes,
    env: Mapping[str, str],
    *,
    status: str | None = None,
    provider: str | None = None,
    endpoint: str | None = None,
    workflow_name: str | None = None,
    bytes_left_out: int = 0,
) -> Payload:
    """Mask every secret and build the body: what leaves this function may leave the machine.

    Args:
        context: the run.
        log: its log as it is; secrets may be masked already.
        env: the job's environment, for the secrets in it.
        status: see ``payload.build``, as all that follow.
        provider: the CI service's name.
        endpoint: use this endpoint and no other.
        workflow_name: CircleCI's workflow name.
        bytes_left_out: how much of the log's middle is missing already.

    Returns:
        The body.

    Raises:
        EmptyLogError: the log is empty.
        PayloadError: the run cannot be described.
    """
    bound = shorten.shorten(log, shorten.WORK_BYTES_MAX, bytes_left_out=bytes_left_out)
    secrets = further_secrets(env)
    return payload.build(
        _masked(context, env, secrets),
        redact.redact(bound, env, secrets),
        status=status,
        provider=provider,
        endpoint=endpoint,
        workflow_name=workflow_name,
        bytes_left_out=bytes_left_out + (len(log) - len(bound)),
    )


def upload(
    body: Payload,
    options: Settings,
    token: str,
    *,
    progress: "Progress | None" = None,
    clock: Callable[[], float] = time.monotonic,
    **further: Any,
) -> Receipt:
    """Send a body.

    Args:
        body: from ``prepare``.
        options: the server and how to reach it.
        token: a token with the scope ``ingest``.
        progress: see ``Transport.post``.
        clock: a monotonic time in seconds.
        further: ``wall_clock``, ``sleep`` and ``random`` of ``Transport``.

    Returns:
        The receipt.

    Raises:
        MissingSettingError: no server is set.
        SettingsError: the server cannot be used.
        RefusedError: the server said no.
        UnavailableError: the server or the network failed.
    """
    url = options.server_url()
    deadline_s = clock() + options.timeout_s

    def transport(timeout_s: float) -> Transport:
        return Transport(
            url,
            token,
            timeout_s=timeout_s,
            ca_bundle=options.ca_bundle,
            allow_http=options.allow_http,
            clock=clock,
            **further,
        )

    try:
        reply = transport(options.timeout_s).post(body.path, body.chunks, progress)
    except TooLargeError:
        # A proxy in front of the server may have a smaller limit than the contract; half of a log beats none.
        body = body.halved()
        reply = transport(max(1.0, deadline_s - clock())).post(body.path, body.chunks, progress)
    try:
        accepted = msgspec.json.decode(reply.body, type=_Accepted)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise ProtocolError(
            f"{origin(url)} answered {reply.status}, but not as an Exlogare server does.",
            "Check the server's URL in EXLOGARE_URL; a login page or a proxy may answer in its place.",
        ) from None
    return Receipt(
        analysis_id=accepted.analysis_id,
        server=url,
        endpoint=body.endpoint,
        log_bytes=len(body.log),
        is_shortened=shorten.MARK_START in body.log,
    )


def is_interactive(context: RunContext, env: Mapping[str, str]) -> bool:
    """Tell whether a person may be there: in a CI job the keychain is not asked, for it could hang."""
    return context.ci == "local" and env.get("CI", "").strip().lower() in ("", "0", "false")


def further_secrets(env: Mapping[str, str]) -> frozenset[str]:
    """Give the secrets that a service keeps outside the environment.

    Args:
        env: the environment.

    Returns:
        Those of TeamCity's property files; nothing elsewhere.
    """
    from exlogare_ci.adapters import read_small_file, teamcity  # noqa: PLC0415 - start-up time

    return teamcity.secret_values(env, read_small_file) if teamcity.FILE_VARIABLE in env else frozenset()


def _masked(context: RunContext, env: Mapping[str, str], secrets: frozenset[str]) -> RunContext:
    """Mask a token in a URL's query, or a secret that somebody named a branch after."""
    fields: dict[str, str | None] = msgspec.structs.asdict(context)
    return RunContext(
        **{
            name: value if name == "ci" or not value else redact.redact_text(value, env, secrets)
            for name, value in fields.items()
        }  # type: ignore[arg-type]
    )
