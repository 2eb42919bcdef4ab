r"""Sections: which step of the job each line belongs to, and how that step ended.

Every CI service leaves marks of its steps in the log. A reader for each service turns them into ``Step`` records;
the table ``READERS`` is tried in order, and the first that finds its marks is used. The step that failed first is
the strongest hint that there is: what came before it passed, and what came after it (cleanup, after-scripts,
uploads) is a consequence.
"""

from collections.abc import Callable

from exlogare_ci.analysis.sections import (
    appveyor,
    buildbot,
    buildkite,
    circleci,
    github,
    gitlab,
    jenkins,
    shell,
    taskcluster,
    teamcity,
    travis,
)
from exlogare_ci.analysis.sections.anchors import ANCHORS
from exlogare_ci.analysis.sections.model import Layout, Marks, Step
from exlogare_ci.analysis.text import CleanLog


def read_layout(log: CleanLog, marks: Marks) -> Layout:
    """Find the steps of the job, with the first reader whose marks are in the log."""
    for reader in READERS:
        layout = reader(log, marks)
        if layout is not None:
            return layout
    return Layout()


READERS: tuple[Callable[[CleanLog, Marks], Layout | None], ...] = (
    github.read_azure,
    github.read,
    gitlab.read,
    travis.read,
    buildbot.read,
    taskcluster.read,
    buildkite.read,
    jenkins.read,
    circleci.read,
    teamcity.read,
    appveyor.read,
    shell.read,
)
"""One reader a family of marks; the first that finds its own marks wins."""

__all__ = ["ANCHORS", "READERS", "Layout", "Marks", "Step", "read_layout"]
