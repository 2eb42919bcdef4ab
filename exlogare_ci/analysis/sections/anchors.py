"""The marks that runners leave in a log, scanned for together with the signatures."""

ANCHORS: dict[str, str] = {
    "travis.exited": r'" exited with [0-9]+\.$',
    "travis.phase_failed": r'" failed and exited with [0-9]+ during ',
    "travis.errored": (
        r"^(No output has been received in the last |The job exceeded the maximum |The log length has exceeded the )"
    ),
    "travis.done": r"^Done\. Your build exited with [0-9]+\.",
    "shell.echo": r"^\$ .",
    "shell.trace": r"^\+ .",
    "github.group": r"^##\[group\]",
    "github.endgroup": r"^##\[endgroup\]",
    "github.error": r"^##\[error\]",
    "github.post": r"^Post job cleanup\.$",
    "github.complete": r"^(Cleaning up orphan processes|Evaluate and set job outputs)$",
    "azure.section": r"^##\[section\](Starting|Finishing): ",
    "circleci.shell": r"^#!/bin/(?:ba)?sh -eo? ?(?:pipefail)?$",
    "circleci.exited": r"^Exited with code (?:exit status )?[1-9][0-9]*$",
    "teamcity.step": r"^Step [0-9]+/[0-9]+: [^\n]",
    "teamcity.exited": r"^Process exited with code -?[0-9]+",
    "teamcity.step_failed": r"^Step .+ failed$",
    "teamcity.finished": r"^Finished [0-9: -]+(?: [+-][0-9]+)? with status [A-Z]",
    "github.docker": r"^/usr/bin/docker run --name ",
    "taskcluster.start": r"^\[taskcluster [^\]\n]{10,40}\] === Task Starting ===$",
    "taskcluster.finish": r"^\[taskcluster [^\]\n]{10,40}\] === Task Finished ===$",
    "taskcluster.end": r"^\[taskcluster [^\]\n]{10,40}\] (?:Uns|S)uccessful task run with exit code: [0-9]+ ",
    "gitlab.failed": r"^ERROR: Job failed",
    "gitlab.succeeded": r"^Job succeeded$",
    "buildbot.step": r"^=+ (Started|Finished) .+ \(results: [0-9]",
    "buildkite.header": r"^(~~~|---|\+\+\+) [^ ]",
    "jenkins.pipeline": r"^\[Pipeline\] ",
    "jenkins.returned": r"^ERROR: script returned exit code [0-9]+",
    "jenkins.broken": r"^Build step '.+' marked build as failure$",
    "jenkins.post_stage": r"^Post stage$",
    "jenkins.branch_failed": r"^Failed in branch [^\n]",
    "jenkins.finished": r"^Finished: (SUCCESS|FAILURE|UNSTABLE|ABORTED|NOT_BUILT)$",
}
"""Name and Hyperscan pattern of each mark; scanned for together with the signatures."""
