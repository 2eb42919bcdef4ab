"""What is known of the CI run: one frozen record, every field optional."""

import msgspec


class RunContext(msgspec.Struct, frozen=True, kw_only=True):
    """The run that a log belongs to, as far as the environment and git tell.

    Every field is text or ``None``; an empty value in the environment counts as absent. Nothing here is clipped
    or masked: payloads do the first, redaction the second.

    Attributes:
        ci: the service's name in lower case, such as ``jenkins``; ``local`` where none shows itself. The names are
            those of ``exlogare_ci.adapters.ADAPTERS``.
        project: the repository's or project's slug, e.g. ``org/repo`` (CircleCI: ``gh/org/repo``).
        run_id: the service's own id of the whole run (pipeline, workflow, build).
        build_number: the number that people see.
        job_name: the job's name (Jenkins: the full job path).
        job_id: the service's own id of the job (TeamCity: the build configuration's id).
        step: the step's name or number inside the job.
        stage: the stage that the job is in.
        branch: the branch that was built; on a pull request its source branch.
        tag: the tag that was built.
        commit_sha: the commit that was built; on a pull request its head, not the merge commit.
        build_url: a page about the whole run.
        job_url: a page about this job.
        pull_request: the number of the pull or merge request, as text.
        remote_url: the repository's URL, credentials stripped.
        status: the job's status in the service's own words, where the environment tells it.
        workspace: the folder that the repository is checked out in.
    """

    ci: str = "local"
    project: str | None = None
    run_id: str | None = None
    build_number: str | None = None
    job_name: str | None = None
    job_id: str | None = None
    step: str | None = None
    stage: str | None = None
    branch: str | None = None
    tag: str | None = None
    commit_sha: str | None = None
    build_url: str | None = None
    job_url: str | None = None
    pull_request: str | None = None
    remote_url: str | None = None
    status: str | None = None
    workspace: str | None = None
