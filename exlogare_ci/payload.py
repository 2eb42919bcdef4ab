"""What is sent: the body for each of the five ingest endpoints, from a context and a log.

Every limit and name here is the contract's; whatever the context holds, a body that was built passes the
server's validation.
"""

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from exlogare_ci.context import RunContext
from exlogare_ci.errors import EmptyLogError, PayloadError
from exlogare_ci.safe_json import neutralise_json
from exlogare_ci.shorten import LOG_BYTES_MAX, piece_bounds, shorten, to_utf8
from exlogare_ci.statuses import STATUS_CHARS_MAX, to_endpoint

INTEGER_MAX = 2**63 - 1
"""The contract sets no upper limit; no database column holds more."""
URL_CHARS_MAX = 2_048
SLUG_CHARS_MAX = 32

_PIECE_BYTES = 64 * 1024  # four times as fast as pieces of 256 KiB, which the allocator gives back each time
_SUSPECTS = (b"##", b"section_", b"travis_", b"\x7f")  # of what services obey only the lower case matters
_URL = re.compile(r"(https?)://([^/?#\s]+)([^\s]*)", re.IGNORECASE)
_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:@\[\]\\]+)(?::[0-9]{1,5})?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """One request's body.

    Attributes:
        endpoint: ``jenkins``, ``circleci``, ``teamcity``, ``drone`` or ``log``.
        fields: every field but ``log``, within the contract's limits.
        log: valid UTF-8, not empty, at most 10 MiB.
    """

    endpoint: str
    fields: dict[str, str | int]
    log: bytes

    @property
    def path(self) -> str:
        """The route that it is posted to."""
        return f"/api/ingest/{self.endpoint}"

    def chunks(self) -> Iterator[bytes]:
        """Encode the body as JSON piece by piece, so that a 10 MiB log is never held as text as a whole.

        It is JSON that a job's log may show, see ``safe_json``, so that a dry run can print these very bytes.
        """
        head = msgspec.json.encode(self.fields)[:-1].decode()
        yield neutralise_json(head).encode() + (b',"log":"' if self.fields else b'"log":"')
        is_harmless = _is_harmless(self.log)
        for start, end in piece_bounds(self.log, _PIECE_BYTES, line_bytes_max=_PIECE_BYTES // 4):
            piece = msgspec.json.encode(self.log[start:end].decode())[1:-1]
            yield piece if is_harmless else neutralise_json(piece.decode()).encode()
        yield b'"}'

    def halved(self) -> "Payload":
        """Give the same body with a log of half the size, for a server or proxy with a smaller limit."""
        return msgspec.structs.replace(self, log=shorten(self.log, max(1_024, len(self.log) // 2)))


class _Field(msgspec.Struct, frozen=True):
    """One field of an endpoint: its name, where it comes from, its limits."""

    name: str
    take: Callable[[RunContext], str | None]
    chars_max: int = 0
    kind: str = "text"
    required: bool = False
    chars_min: int = 1


def _is_harmless(log: bytes) -> bool:
    """Tell whether a log, put into JSON, has nothing that a CI service would obey or that does not show."""
    from exlogare_ci.analysis.scanner import hyperscan  # noqa: PLC0415 - slow to load, and loaded for masking anyway
    from exlogare_ci.analysis.secret_values import literals  # noqa: PLC0415

    if not log.isascii():
        return False
    found: list[int] = []
    database = literals([(literal, False) for literal in _SUSPECTS])  # quicker than four searches from 100 KiB on
    scratch = hyperscan.Scratch(database)
    database.scan(log, match_event_handler=lambda number, *_: found.append(number), scratch=scratch)
    return not found


def _page(context: RunContext) -> str | None:
    return _url(context.job_url) or _url(context.build_url)


def _branch(context: RunContext) -> str | None:
    return context.branch or context.tag


def _circleci_slug(context: RunContext) -> str | None:
    """Take a project slug; of a plain ``org/repo`` the version control system is told by its remote URL."""
    project = context.project or ""
    if project.count("/") >= 2:  # noqa: PLR2004 - vcs/org/repo
        return project
    remote = (context.remote_url or "").lower()
    prefix = "gh" if "github.com" in remote else "bb" if "bitbucket.org" in remote else ""
    return f"{prefix}/{project}" if prefix and "/" in project else None


def _repository(context: RunContext) -> str | None:
    return context.project if "/" in (context.project or "").strip("/") else None


def _generic_project(context: RunContext) -> str | None:
    folder = re.split(r"[\\/]", (context.workspace or "").rstrip("\\/"))[-1]
    return context.project or context.job_name or folder


def _generic_job(context: RunContext) -> str | None:
    """Take the job's id, else its name: without either, all jobs of a pipeline would be one run."""
    return context.job_id or (context.job_name if context.run_id else None)


_BRANCH = _Field("branch", _branch, 256)
_COMMIT = _Field("commit_sha", lambda run: run.commit_sha, 64)
_BUILD_URL = _Field("build_url", _page, URL_CHARS_MAX, "url")
_PIPELINE_URL = _Field("pipeline_url", _page, URL_CHARS_MAX, "url")
_NUMBER = _Field("build_number", lambda run: run.build_number, kind="int", required=True)

FIELDS: Mapping[str, tuple[_Field, ...]] = {
    "jenkins": (
        _Field("job", lambda run: run.job_name, 512, required=True),
        _NUMBER,
        _Field("project", lambda run: run.project, 512),
        _BUILD_URL,
    ),
    "circleci": (
        _Field("project_slug", _circleci_slug, 512, required=True, chars_min=3),
        _Field("workflow_id", lambda run: run.run_id, 128, required=True),
        _Field("job_name", lambda run: run.job_name, 256, required=True),
        _Field("job_number", lambda run: run.build_number, kind="int", required=True),
        _BRANCH,
        _COMMIT,
        _PIPELINE_URL,
        _Field("workflow_name", lambda _run: None, 128),
    ),
    "teamcity": (
        _Field("build_type_id", lambda run: run.job_id, 256, required=True),
        _Field("build_id", lambda run: run.run_id, kind="int", required=True),
        _Field("build_number", lambda run: run.build_number, 64, required=True),
        _BRANCH,
        _COMMIT,
        _BUILD_URL,
        _Field("project_name", lambda run: run.project, 256),
    ),
    "drone": (
        _Field("repo", _repository, 512, required=True, chars_min=3),
        _NUMBER,
        _Field("pipeline", lambda run: run.job_name or run.stage, 128),
        _Field("step", lambda run: run.step, 128),
        _BRANCH,
        _COMMIT,
        _BUILD_URL,
    ),
    "log": (
        _Field("project", _generic_project, 512, required=True),
        _Field("pipeline_id", lambda run: run.run_id, 128),
        _Field("job_id", _generic_job, 128),
        _Field("job_name", lambda run: run.job_name, 256),
        _BRANCH,
        _COMMIT,
        _PIPELINE_URL,
        _Field("build_number", lambda run: run.build_number, 64),
    ),
}
"""The fields of each endpoint, but for ``provider``, ``status`` and ``log``, in the contract's order."""

ENDPOINT_BY_PROVIDER: Mapping[str, str] = {
    "jenkins": "jenkins",
    "circleci": "circleci",
    "teamcity": "teamcity",
    "drone": "drone",
    "woodpecker": "drone",
}


def build(
    context: RunContext,
    log: bytes,
    *,
    status: str | None = None,
    provider: str | None = None,
    endpoint: str | None = None,
    workflow_name: str | None = None,
    bytes_left_out: int = 0,
) -> Payload:
    """Build the body for a run.

    The service's own endpoint is used when it has one and the context has all that it requires, else the
    generic one. Text that is too long is cut, and what is no URL or number is left out: a long branch name
    must not cost the upload.

    Args:
        context: the run.
        log: its log, secrets masked already; any bytes, any size.
        status: the result in anybody's words; else the context's; else ``unknown``.
        provider: the CI service's name; else the context's.
        endpoint: use this endpoint and no other.
        workflow_name: CircleCI's workflow name.
        bytes_left_out: how much of the log's middle is missing already, see ``shorten``.

    Returns:
        The body.

    Raises:
        EmptyLogError: the log is empty or white space.
        PayloadError: the endpoint asked for, or the generic one, lacks a required field.
    """
    text = shorten(to_utf8(log), bytes_left_out=bytes_left_out)
    if not text.strip():
        raise EmptyLogError(
            "The log is empty, so there is nothing to analyse.",
            "Check that the command's output went into the log that you send.",
        )
    name = slug(provider or context.ci) or "unknown"
    wanted = endpoint or ENDPOINT_BY_PROVIDER.get(name, "log")
    if wanted not in FIELDS:
        raise PayloadError(f"There is no endpoint {wanted!r}.", f"Use one of {', '.join(FIELDS)}.")
    extra = {"workflow_name": workflow_name}
    fields, missing = _fields(wanted, context, extra)
    if missing and endpoint is None and wanted != "log":
        wanted = "log"
        fields, missing = _fields(wanted, context, extra)
    if missing:
        raise PayloadError(
            f"The run's {missing[0].replace('_', ' ')} is not known or not usable, and the {wanted} endpoint needs it.",
            "Run inside the job's checkout, or give it as an option, e.g. --project ORG/REPO.",
        )
    word = clean_text(status or "", STATUS_CHARS_MAX) or clean_text(context.status or "", STATUS_CHARS_MAX)
    if wanted == "log":
        fields = {"provider": name, **fields}
    fields["status"] = to_endpoint(wanted, word or "unknown")
    return Payload(endpoint=wanted, fields=fields, log=text)


def slug(name: str) -> str:
    """Turn a provider's name into the contract's slug.

    Args:
        name: any text.

    Returns:
        At most 32 of ``a-z 0-9 _ . -``, a letter or digit first; empty when nothing is left.
    """
    word = re.sub(r"_+", "_", re.sub(r"[^a-z0-9_.-]+", "_", name.lower())).strip("_.-")
    return word[:SLUG_CHARS_MAX].strip("_.-")


def clean_text(value: str, chars_max: int) -> str:
    """Make a text fit to be sent.

    Args:
        value: any text, also with bytes that the environment could not decode.
        chars_max: how many characters to keep.

    Returns:
        It without control characters and outer white space, valid Unicode, cut; maybe empty.
    """
    valid = value.encode("utf-8", "replace").decode()
    return _CONTROL.sub(" ", valid).strip()[:chars_max].rstrip()


def _fields(
    endpoint: str, context: RunContext, extra: Mapping[str, str | None]
) -> tuple[dict[str, str | int], list[str]]:
    """Give the fields that are known, and the names of required ones that are not."""
    fields: dict[str, str | int] = {}
    missing: list[str] = []
    for field in FIELDS[endpoint]:
        value = _convert(field, extra.get(field.name) or field.take(context))
        if value is not None:
            fields[field.name] = value
        elif field.required:
            missing.append(field.name)
    return fields, missing


def _convert(field: _Field, value: str | None) -> str | int | None:
    if value is None:
        return None
    if field.kind == "int":
        digits = value.strip()
        number = int(digits) if re.fullmatch(r"[0-9]{1,19}", digits) else -1
        return number if 0 <= number <= INTEGER_MAX else None
    if field.kind == "url":
        return _url(value)
    text = clean_text(value, field.chars_max)
    return text if len(text) >= field.chars_min else None


def _url(value: str | None) -> str | None:
    """Take a web page's URL without credentials; ``None`` when the server would refuse it."""
    found = _URL.fullmatch((value or "").strip())
    if found is None or not found[0].isprintable():
        return None
    host = found[2].rpartition("@")[2]
    url = f"{found[1].lower()}://{host}{found[3]}"
    return url if _HOST.fullmatch(host) and len(url) <= URL_CHARS_MAX else None


__all__ = ["LOG_BYTES_MAX", "Payload", "build", "clean_text", "slug"]
