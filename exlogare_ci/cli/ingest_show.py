"""What ``exl ingest`` prints: the receipt, the server's analysis, the request of a dry run."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from exlogare_ci.context import RunContext
    from exlogare_ci.payload import Payload
    from exlogare_ci.sending import Sent
    from exlogare_ci.settings import Settings


def show_receipt(sent: "Sent", format_name: str) -> None:
    """Say where the analysis is, and what it says where it was waited for.

    Args:
        sent: with a receipt.
        format_name: ``text`` or ``json``.
    """
    import msgspec  # noqa: PLC0415 - not needed for --help

    receipt = sent.receipt
    if receipt is None:
        return
    if format_name == "json":
        more = {} if sent.analysis is None else {"analysis": sent.analysis}
        print_json({"status": "accepted", **msgspec.structs.asdict(receipt), **more})
        return
    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415

    kibibytes = -(-receipt.log_bytes // 1024)
    shortened = " (its middle left out)" if receipt.is_shortened else ""
    line = f"exl: sent {kibibytes} KiB of log{shortened} to {receipt.server}, analysis {receipt.analysis_id}"
    click.echo(neutralise_inline(line))
    if sent.analysis is not None:
        from exlogare_ci.cli.analyses import lines_of  # noqa: PLC0415 - only after waiting
        from exlogare_ci.reading import to_analysis  # noqa: PLC0415

        click.echo("\n".join(lines_of(to_analysis(sent.analysis))))


def show_request(payload: "Payload", context: "RunContext", options: "Settings", format_name: str) -> None:
    """Print the request: its body byte for byte as it would be sent before compression, but not the whole token.

    Args:
        payload: the body.
        context: the run.
        options: the server.
        format_name: ``text`` or ``json``.
    """
    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.transport import request_headers  # noqa: PLC0415

    url = (options.url or "") + payload.path
    headers = {**request_headers(), "Authorization": _authorization(context, options)}
    body = b"".join(payload.chunks())
    if format_name == "json":
        import json  # noqa: PLC0415

        print_json({"method": "POST", "url": url, "headers": headers, "body": json.loads(body)})
        return
    lines = [f"POST {url}", *(f"{name}: {value}" for name, value in headers.items())]
    click.echo("".join(neutralise_inline(line) + "\n" for line in lines))
    click.echo(body)  # no CI service obeys anything in it, see safe_json


def _authorization(context: "RunContext", options: "Settings") -> str:
    """Give the credential's header with as much of the token as the server itself shows."""
    from exlogare_ci.credentials import find, shown  # noqa: PLC0415
    from exlogare_ci.errors import ClientError  # noqa: PLC0415
    from exlogare_ci.upload import is_interactive  # noqa: PLC0415

    try:
        credential = find(os.environ, options.url, use_keychain=is_interactive(context, os.environ))
    except ClientError as error:
        return f"none. {error}"
    return f"Bearer {shown(credential.token)}"


def print_json(document: Mapping[str, object]) -> None:
    """Print a document as one line of JSON in which nothing is a command for a CI service."""
    import json  # noqa: PLC0415 - only where JSON is wanted

    from exlogare_ci.report.neutralise import neutralise_json  # noqa: PLC0415

    click.echo(neutralise_json(json.dumps(document)))
