"""Where results go: what a reporter knows of the job that it reports in."""

from collections.abc import Mapping

import msgspec

from exlogare_ci.context import RunContext

REPORT_FOLDER = "exlogare-report"
"""Where reports that are files go when one is asked for by name and no folder is."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """The job that results are reported in.

    Attributes:
        env: its environment: addresses, tokens and paths of the CI service.
        context: what is known of the run.
        folder: where reports that are files go; ``None`` when nobody asked for files.
    """

    env: Mapping[str, str]
    context: RunContext = RunContext()
    folder: str | None = None

    def path(self, name: str) -> str:
        """Give the path of a report that is a file.

        Args:
            name: the file's name.

        Returns:
            The path, in ``folder`` or, without one, in ``REPORT_FOLDER``.
        """
        return f"{(self.folder or REPORT_FOLDER).rstrip('/') or ''}/{name}"

    def job_key(self) -> str:
        """Name the job so that a re-run has the same name and another job of the build another.

        Returns:
            Eight hexadecimal digits; the same for all jobs where nothing tells them apart.
        """
        import hashlib  # noqa: PLC0415 - only some reporters need it

        parts = (self.context.project, self.context.stage, self.context.job_name)
        return hashlib.sha256("\0".join(part or "" for part in parts).encode("utf-8", "replace")).hexdigest()[:8]
