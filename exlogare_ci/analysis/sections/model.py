"""What a job's steps are."""

from bisect import bisect_right

import msgspec

from exlogare_ci.analysis.late import late


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the log that belongs to one command or step.

    Attributes:
        start: index of its first line.
        end: index behind its last line; the runner's word about its end is not in it.
        name: the command or the step's title, at most 200 characters.
        exit_code: 0 when it passed, another number when it failed, ``None`` when the log does not say.
        after: it ran after the job's fate was sealed (after-script, cleanup, upload).
    """

    start: int
    end: int
    name: str = ""
    exit_code: int | None = None
    after: bool = False

    @property
    def failed(self) -> bool:
        """Whether the log says that this step failed."""
        return self.exit_code not in (None, 0)


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What the runner's marks say about the job.

    Attributes:
        ci: the service whose marks were found; empty when there were none.
        steps: in order of their lines, not overlapping.
        passed: the runner's own word for the whole job: ``True`` passed, ``False`` failed, ``None`` not said.
    """

    ci: str = ""
    steps: tuple[Step, ...] = ()
    passed: bool | None = None

    def at(self, index: int) -> Step | None:
        """Return the step that the line at ``index`` is in."""
        position = bisect_right(self.steps, index, key=lambda step: step.start) - 1
        if position < 0 or index >= self.steps[position].end:
            return None
        return self.steps[position]

    def failing(self) -> Step | None:
        """Return the step that failed first, if the log says which."""
        return next((s for s in self.steps if s.failed and not s.after), None) or next(
            (s for s in self.steps if s.failed), None
        )


Marks = dict[str, list[int]]
"""For each anchor the indexes of the lines that it hit."""


_NUMBER = late(rb"(\d+)")


def name_of(line: bytes) -> str:
    """Return a line as the name of a step."""
    return line[:200].decode("utf-8", "replace").strip()


def last_number(line: bytes) -> int:
    """Return the last number in a line, 1 when there is none."""
    numbers = _NUMBER.findall(line[-200:])
    return int(numbers[-1]) if numbers else 1
