"""What each category means and what to do about it, in words."""

CATEGORY_WORDS: dict[str, tuple[str, str]] = {
    "code.compile": (
        "The code does not compile.",
        "Correct the named source line; later errors often follow from the first.",
    ),
    "code.syntax": (
        "A file cannot be parsed.",
        "Correct the syntax at the named place.",
    ),
    "code.type": (
        "The type checker refuses the code.",
        "Make the types at the named place agree.",
    ),
    "code.link": (
        "The linker misses or repeats a symbol.",
        "Link the library or object file that defines the symbol, or add its declaration to the build.",
    ),
    "code.test": (
        "A test does not get what it expects.",
        "Run the named test alone and compare what it expects with what the code now does.",
    ),
    "code.test_timeout": (
        "A test did not end in time.",
        "Run the named test alone; look for a promise, lock or server that never answers, or raise its time limit.",
    ),
    "code.runtime_crash": (
        "The program ended with an uncaught error.",
        "Follow the trace to the first line of your own code and handle the case there.",
    ),
    "code.lint": (
        "A linter or checker refuses what it found.",
        "Correct the listed places, with the tool's own fix option where it has one.",
    ),
    "code.format": (
        "Files are not formatted as the project demands.",
        "Run the formatter and commit what it changes.",
    ),
    "code.coverage": (
        "The coverage is below the limit that the project set.",
        "Add tests for what is not covered, or lower the limit on purpose.",
    ),
    "deps.resolve": (
        "The package manager found no set of versions that fits.",
        "Relax or align the version constraints that are named.",
    ),
    "deps.not_found": (
        "A dependency does not exist where it was looked for.",
        "Check its name and version, and that the registry is configured and reachable.",
    ),
    "deps.build_native": (
        "A dependency with native code does not build.",
        "Install the compiler, headers or library that is named, or use a prebuilt package.",
    ),
    "config.build_script": (
        "The build script or its tool's configuration is at fault.",
        "Correct the named target, option or file.",
    ),
    "config.command_missing": (
        "A command is not installed or not in PATH.",
        "Install it in the job's image or correct PATH.",
    ),
    "config.path": (
        "A file or folder is not where it is looked for.",
        "Check the path and the step that should have made it.",
    ),
    "vcs.checkout": (
        "The source could not be checked out.",
        "Check that the branch or commit still exists and that the job may read it.",
    ),
    "container.build": (
        "The image does not build.",
        "Run the named build step alone and correct it.",
    ),
    "infra.runner": (
        "The runner itself reports an error.",
        "Read the runner's message; a retry may help when it is not about your configuration.",
    ),
    "deploy.terraform": (
        "Terraform refuses the configuration or the provider failed.",
        "Correct the named resource or argument.",
    ),
    "deploy.cloud": (
        "The deployment failed on its target.",
        "Read the target's message and correct the named task or resource.",
    ),
    "code.security_scan": (
        "A scanner found a known weakness.",
        "Upgrade or replace what it names, or accept the finding on purpose in the scanner's configuration.",
    ),
    "code.license": (
        "A licence is not among those that the project allows.",
        "Replace the dependency, or add its licence to the allowed ones on purpose.",
    ),
    "code.migration": (
        "A migration fails, or the database's tables are not what the code expects.",
        "Run all migrations on an empty database and correct the one that is named, or add the one that is missing.",
    ),
    "deps.version_conflict": (
        "Two dependencies do not fit each other.",
        "Align the versions that are named; a lock file keeps them together.",
    ),
    "deps.lockfile": (
        "The lock file and the list of dependencies disagree.",
        "Update the lock file with the package manager and commit it.",
    ),
    "deps.integrity": (
        "A download does not have the checksum that was expected.",
        "Clear the cache and try again; if it stays, find out why the file changed before you accept it.",
    ),
    "deps.peer": (
        "A peer dependency has another version than a package demands.",
        "Install the version that is named, or upgrade the package that demands it.",
    ),
    "config.ci_syntax": (
        "The CI configuration is not valid.",
        "Correct the named line of the pipeline's configuration.",
    ),
    "config.tool_version": (
        "A tool has another version than the project needs.",
        "Install the version that is named in the job, or change what the project demands.",
    ),
    "config.env_secret": (
        "A variable or secret that the job needs is missing.",
        "Define it for this job; on pull requests from forks secrets are withheld.",
    ),
    "auth.registry": (
        "A package or image registry refused the job's credentials.",
        "Give the job a valid token for the registry.",
    ),
    "auth.git": (
        "git has no valid credentials for the repository.",
        "Give the job a token or deploy key that may read the repository.",
    ),
    "auth.cloud": (
        "The cloud provider refused the job's credentials.",
        "Renew the credentials or the role that the job assumes.",
    ),
    "auth.permission": (
        "The job lacks a permission.",
        "Grant the permission that is named, to this job only.",
    ),
    "network.dns": (
        "A host name could not be resolved.",
        "Check the name; if it is right, the runner's name server failed and a retry may help.",
    ),
    "network.connect": (
        "A connection could not be made.",
        "Check that the service runs and is reachable from the job; if it is on the internet, a retry may help.",
    ),
    "network.timeout": (
        "A network operation took too long.",
        "Try again; if it stays, check the service and the proxy between.",
    ),
    "network.tls": (
        "The TLS certificate of the other side is not trusted.",
        "Install the certificate authority that signed it in the job's image; do not turn the check off.",
    ),
    "network.http": (
        "A server answered with an error.",
        "Try again; if it stays, look at the service that is named.",
    ),
    "network.rate_limit": (
        "A service refused because of too many requests.",
        "Log in to it, use a mirror or a cache, or spread the jobs.",
    ),
    "infra.oom": (
        "The job ran out of memory.",
        "Give it more memory, or run fewer processes at once.",
    ),
    "infra.disk": (
        "The disk is full.",
        "Free space before the build, keep caches smaller, or use a runner with a larger disk.",
    ),
    "infra.timeout": (
        "The job ran into a time limit.",
        "Find what hung in the last lines before the limit, or raise the limit.",
    ),
    "infra.cancelled": (
        "The job was cancelled.",
        "Look for who or what cancelled it: a newer commit, a sibling job that failed, or a person.",
    ),
    "infra.agent_lost": (
        "The runner was lost while the job ran.",
        "Run the job again; if it happens often, look at the runner's memory and at preemption.",
    ),
    "infra.docker_daemon": (
        "The container engine cannot be reached.",
        "Start it in the job, or mount its socket.",
    ),
    "container.pull": (
        "An image cannot be pulled.",
        "Check its name, tag and platform, and the registry's credentials.",
    ),
    "container.run": (
        "A container cannot be started.",
        "Check the command, the entry point and the image's architecture.",
    ),
    "deploy.k8s": (
        "Kubernetes refuses the change or the pods do not come up.",
        "Read the events of the named object and correct it.",
    ),
    "deploy.helm": (
        "Helm could not install or upgrade the release.",
        "Correct the chart or the values that are named; roll back a release that is stuck.",
    ),
    "vcs.merge": (
        "git could not merge.",
        "Merge or rebase by hand, resolve the named conflicts, and push.",
    ),
    "vcs.push": (
        "git could not push.",
        "Pull first, or push where the branch's protection allows it.",
    ),
    "publish.conflict": (
        "This version was published already.",
        "Raise the version number.",
    ),
    "publish.rejected": (
        "The registry refused what was published.",
        "Correct what its message names and publish again.",
    ),
    "unknown": (
        "No signature knows this failure.",
        "Read the shown lines, which are the last that the failing step printed.",
    ),
}
"""For each category what it means and what to do, where neither a signature nor the tool says it better."""

TRANSIENT = frozenset(
    {
        "infra.agent_lost",
        "network.connect",
        "network.dns",
        "network.http",
        "network.rate_limit",
        "network.timeout",
    }
)
"""Categories that a retry may help with, where no signature says so."""
OF_THE_PLATFORM = TRANSIENT | {"auth.cloud", "infra.disk", "infra.docker_daemon", "infra.runner", "network.tls"}
"""Categories of those who run the machines and services, where no signature says so."""
UNTOLD: dict[str, tuple[str, str]] = {
    "code.compile": (
        "A build ended badly; what it printed last is shown.",
        "Run the command alone and read what it prints above the shown lines.",
    ),
    "config.build_script": (
        "A script of the project ended badly; what it printed last is shown.",
        "Read the script at the place that prints the shown lines.",
    ),
    "code.test": (
        "A command that tests ended badly, and no test is named in what it printed last.",
        "Run the command alone and read what it prints above the shown lines.",
    ),
    "code.lint": (
        "A check ended badly; what it printed last is shown.",
        "Correct what the shown lines name, then run the check again.",
    ),
}
"""The words for a category that only the command tells, where they would name what is not there."""
