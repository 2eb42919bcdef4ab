"""How further CI services show a job's log; see ``services``."""

from scripts.record.services import GREEN, RED, RESET, Job, Line, said, stamped


def buildkite(job: Job) -> list[Line]:
    """Buildkite, with its time marks. See https://buildkite.com/docs/pipelines/configure/managing-log-output."""
    lines = [
        *said("~~~ Running agent environment hook", "$ /etc/buildkite-agent/hooks/environment"),
        *said(
            "~~~ Preparing working directory", "$ git fetch -v --prune -- origin main", "$ git checkout -f 4be1d0a73f"
        ),
        *said("HEAD is now at 4be1d0a Handle errors of the payment service", "~~~ Running commands"),
        *[Line(f"\033[90m$\033[0m {line}") for line in job.command.splitlines()],
        *job.shown(),
        *(
            said("^^^ +++", f"\033[31m🚨 Error: The command exited with status {job.status}\033[0m")
            if job.status
            else []
        ),
        *(said("user command error: exit status " + str(job.status)) if job.status else []),
        *said("~~~ Uploading artifacts", "2026-03-04 09:15:31 INFO   Searching for reports/**/*"),
        *said("2026-03-04 09:15:31 WARN   No files matched paths: reports/**/*"),
        *said("~~~ Running global pre-exit hook", "Error: No such container: test-db"),
    ]
    return stamped(lines, lambda moment: f"\033_bk;t={int(moment.timestamp() * 1000)}\a")


def azure(job: Job) -> list[Line]:
    """Azure Pipelines. See https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands."""
    rule = "=" * 78
    lines = [
        *said("##[section]Starting: Checkout acme/shop@main to s", rule, "Task         : Get sources", rule),
        *said("HEAD is now at 4be1d0a Handle errors of the payment service"),
        *said("##[section]Finishing: Checkout acme/shop@main to s", "##[section]Starting: Test", rule),
        *said("Task         : Bash", "Description  : Run a Bash script on macOS, Linux, or Windows", rule),
        *said("Generating script.", "========================== Starting Command Output ==========================="),
        *said("[command]/usr/bin/bash --noprofile --norc /home/vsts/agent/_temp/3f6c.sh"),
        *job.shown(),
        *(said(f"##[error]Bash exited with code '{job.status}'.") if job.status else []),
        *said("##[section]Finishing: Test", "##[section]Starting: PublishTestResults", rule),
        *said("Task         : Publish Test Results", rule),
        *said("##[warning]No test result files matching '**/TEST-*.xml' were found."),
        *said(
            "##[section]Finishing: PublishTestResults", "##[section]Starting: Post-job: Checkout acme/shop@main to s"
        ),
        *said("Cleaning any cached credential from repository: acme/shop (Git)"),
        *said("##[section]Finishing: Post-job: Checkout acme/shop@main to s"),
    ]
    return stamped(lines, lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "7Z ")


def teamcity(job: Job) -> list[Line]:
    """TeamCity's downloaded build log. See https://www.jetbrains.com/help/teamcity/build-results-page.html."""
    first = job.command.splitlines()[0]
    kind = "W" if job.status else " "
    lines = [
        *said(
            "i: TeamCity server version is 2025.07 (build 197242), server timezone: UTC",
            " : Collecting changes in 1 VCS root",
        ),
        *said(
            " : The build is removed from the queue to be prepared for the start", " : Updating sources: auto checkout"
        ),
        *said(" : Step 1/2: Test (Command Line)", f" :\t [Step 1/2] Starting: /bin/sh -c {first}"),
        *said(" :\t [Step 1/2] in directory: /var/lib/teamcity/checkout/shop"),
        *job.shown(" :\t [Step 1/2] "),
        *said(f"{kind}:\t [Step 1/2] Process exited with code {job.status}"),
        *(said(f"E: Process exited with code {job.status} (Step: Test (Command Line))") if job.status else []),
        *(said("W: Step Test (Command Line) failed") if job.status else []),
        *said(" : Publishing internal artifacts", "W: Artifacts path 'reports/** => reports.zip' not found"),
        *said(" : Build finished"),
    ]
    return stamped(lines, lambda moment: moment.strftime("[%H:%M:%S]"))


def drone(job: Job) -> list[Line]:
    """Drone, as ``drone exec`` prints it. See https://docs.drone.io/cli/drone-exec/."""
    told = [*[Line(f"+ {line}") for line in job.command.splitlines()], *job.shown()]
    return [
        *[Line(f"[test:{number}] {line.text}", line.shows) for number, line in enumerate(told)],
        *said("[cleanup:0] + docker rm -f test-db || true", "[cleanup:1] Error: No such container: test-db"),
        *said("[cleanup:2] + rm -rf reports", "[cleanup:3] + echo cleaned", "[cleanup:4] cleaned"),
    ]


def woodpecker(job: Job) -> list[Line]:
    """Woodpecker's log of one step. See https://woodpecker-ci.org/docs/usage/workflow-syntax."""
    return [
        *said("+ git fetch --no-tags --depth=1 origin +refs/heads/main:", "+ git reset --hard -q 4be1d0a73f"),
        *[Line(f"+ {line}") for line in job.command.splitlines()],
        *job.shown(),
    ]


def travis(job: Job) -> list[Line]:
    """Travis CI, with folds. See https://docs.travis-ci.com/user/job-lifecycle/."""
    colour = RED if job.status else GREEN
    return [
        *said("travis_fold:start:worker_info\r\033[0K\033[33;1mWorker information\033[0m", "hostname: worker-linux-7"),
        *said("travis_fold:end:worker_info\r\033[0K", "travis_fold:start:git.checkout\r\033[0K"),
        *said(
            "$ git clone --depth=50 https://git.example.com/acme/shop.git acme/shop",
            "travis_fold:end:git.checkout\r\033[0K",
        ),
        *[Line(f"$ {line}") for line in job.command.splitlines()],
        *job.shown(),
        *said(f'{colour}The command "{job.command.splitlines()[0]}" exited with {job.status}.{RESET}', ""),
        *said("travis_fold:start:after_script\r\033[0K$ cat reports/summary.txt"),
        *said("cat: reports/summary.txt: No such file or directory", "travis_fold:end:after_script\r\033[0K", ""),
        Line(f"Done. Your build exited with {job.status}."),
    ]


def plain(job: Job) -> list[Line]:
    """What a shell with ``set -x`` leaves in a file, with a clean-up that fails."""
    return [
        *[Line(f"+ {line}") for line in job.command.splitlines()],
        *job.shown(),
        *said(
            f"+ status={job.status}",
            "+ rm reports/old.xml",
            "rm: cannot remove 'reports/old.xml': No such file or directory",
        ),
        *said(f"+ exit {job.status}"),
    ]
