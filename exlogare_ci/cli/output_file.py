"""``--output-file``: what a command found and did, as one JSON object for scripts. docs/reference/output-file.md."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from exlogare_ci.cli.errors import report_error

if TYPE_CHECKING:
    from exlogare_ci.report.finding import Finding
    from exlogare_ci.sending import Sent

VERSION: Final = 1
"""Of the object; a higher one may take fields away or change what they mean, the same one only adds fields."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def output_file_option(command: _Command) -> _Command:
    """Add ``--output-file`` (as ``output_file``) to a command."""
    return click.option(
        "--output-file", metavar="FILE", type=click.Path(),
        help="Also write the outcome there as JSON, for scripts, whatever it is.",
    )(command)  # fmt: skip


def outcome(
    command: str,
    result: str,
    exit_code: int,
    *,
    findings: "Sequence[Finding]" = (),
    sent: "Sent | None" = None,
    problem: str | None = None,
) -> dict[str, object]:
    """Make the object.

    Args:
        command: ``run``, ``analyze`` or ``ingest``.
        result: ``passed``, ``analysed``, ``uploaded`` or ``error``.
        exit_code: what the command ends with.
        findings: what the engine found, secrets masked.
        sent: what became of the upload.
        problem: why something could not be done; by default why the log was not sent.

    Returns:
        The documented object.
    """
    import msgspec  # noqa: PLC0415 - only where a file is asked for

    from exlogare_ci.report.record import to_record  # noqa: PLC0415

    receipt = sent.receipt if sent is not None else None
    error = sent.error or sent.wait_error if sent is not None else None
    failed = [finding.analysis.root_cause for finding in findings if finding.analysis.failed]
    server_words = str(((sent and sent.analysis) or {}).get("root_cause", ""))
    return {
        "version": VERSION,
        "command": command,
        "result": result,
        "exit_code": exit_code,
        "root_cause": failed[0] if failed else server_words,
        "analysis_id": receipt.analysis_id if receipt is not None else "",
        "analyses": [to_record(finding) for finding in findings],
        "receipt": msgspec.structs.asdict(receipt) if receipt is not None else None,
        "server_analysis": sent.analysis if sent is not None else None,
        "is_kept": sent is not None and sent.is_kept,
        "problem": problem or (str(error) if error is not None else None),
    }


def write_output_file(path: str | None, document: Mapping[str, object]) -> None:
    """Write the object so that nobody ever reads half of it; what goes wrong is one line.

    Args:
        path: where; ``None`` writes nothing.
        document: from ``outcome``.
    """
    if path is None:
        return
    import json  # noqa: PLC0415 - see above

    part = Path(f"{path}.{os.getpid()}.part")
    try:
        part.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
        part.replace(path)
    except (OSError, ValueError) as error:
        with contextlib.suppress(OSError, ValueError):
            part.unlink(missing_ok=True)
        report_error(f"--output-file {path} cannot be written: {getattr(error, 'strerror', None) or error}.")


def forget_output_file(path: str | None, *inputs: str | None) -> None:
    """Remove what an earlier command left, so that nobody takes it for ours if we are killed.

    Args:
        path: the file; ``None`` for none.
        inputs: files that are read, which it must not be.

    Raises:
        click.UsageError: it is one of them.
    """
    if path is None:
        return
    if os.path.realpath(path) in {os.path.realpath(file) for file in inputs if file and file != "-"}:
        raise click.UsageError(f"--output-file {path} is also what is to be read.")
    with contextlib.suppress(OSError, ValueError):
        Path(path).unlink(missing_ok=True)
