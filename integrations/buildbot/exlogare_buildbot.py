"""A step for Buildbot 4 that explains why a build failed; put this file beside master.cfg."""

from typing import Any

from buildbot.plugins import steps
from buildbot.process.results import EXCEPTION, FAILURE

VARIABLES = {
    "run": "EXLOGARE_RUN",
    "log_path": "EXLOGARE_LOG_PATH",
    "status": "EXLOGARE_STATUS",
    "token": "EXLOGARE_TOKEN",
    "url": "EXLOGARE_URL",
    "strict": "EXLOGARE_STRICT",
    "timeout": "EXLOGARE_TIMEOUT",
    "project": "EXLOGARE_PROJECT",
    "provider": "EXLOGARE_PROVIDER",
    "report": "EXLOGARE_REPORT",
    "report_dir": "EXLOGARE_REPORT_DIR",
    "output_file": "EXLOGARE_OUTPUT_FILE",
    "ca_bundle": "EXLOGARE_CA_BUNDLE",
    "spool_dir": "EXLOGARE_SPOOL_DIR",
    "version": "EXLOGARE_VERSION",
}
"""Each setting, and the variable that it becomes on the worker; README.md says what they mean."""

SCRIPT = r"""
# Sets `exl` to a command that works, or leaves it empty and sets `problem` to a sentence that says why.
# Takes EXLOGARE_EXL (a path), EXLOGARE_VERSION (a version), EXLOGARE_PACKAGE_DIR (a folder that may hold exl.pyz or
# the sources). What is not there is installed into an environment of its own, in at most EXLOGARE_INSTALL_TIMEOUT s.
find_exl() {
    exl='' problem=''
    want=${EXLOGARE_VERSION:-}
    case $want in
    *[!0-9A-Za-z.]*)
        problem='The version must be one such as 0.1.0.'
        return
        ;;
    esac
    if [ -n "${EXLOGARE_EXL:-}" ]; then
        exl=$EXLOGARE_EXL
        command -v "$exl" >/dev/null 2>&1 || { exl='' problem='EXLOGARE_EXL names no program.'; }
        return
    fi
    if command -v exl >/dev/null 2>&1; then
        if [ -z "$want" ] || [ "$(exl --version 2>/dev/null)" = "exl $want" ]; then
            exl=exl
            return
        fi
    fi
    python=''
    for name in python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
            python=$name
            break
        fi
    done
    if [ -z "$python" ]; then
        problem='exl is not installed, and there is no Python 3.10 or newer to run it with.'
        return
    fi
    folder=${EXLOGARE_PACKAGE_DIR:-}
    if [ -n "$folder" ] && [ -z "$want" ] && [ -f "$folder/exl.pyz" ]; then
        exl=$folder/exl.pyz
        [ -x "$exl" ] || chmod +x "$exl" 2>/dev/null || :
        if [ ! -w "${HOME:-/}" ] && [ -z "${SHIV_ROOT:-}" ]; then
            SHIV_ROOT=$(mktemp -d) # it unpacks itself once, into the home folder where there is one
            export SHIV_ROOT
        fi
        return
    fi
    install_exl
}

install_exl() {
    if [ -n "$want" ]; then
        what=exlogare-ci==$want
    elif [ -n "$folder" ] && [ -f "$folder/../../pyproject.toml" ]; then
        what=$folder/../..
    else
        what=exlogare-ci==${EXLOGARE_PACKAGE_VERSION:-}
        what=${what%==}
    fi
    # Not in a folder that every user may write to: somebody else could have put something there under this name.
    cache=${RUNNER_TEMP:-${XDG_CACHE_HOME:-${HOME:-}/.cache}}
    mkdir -p "$cache" 2>/dev/null || cache=$(mktemp -d)
    venv=$cache/exlogare-ci-${want:-own}
    if [ ! -x "$venv/bin/exl" ]; then
        limit=''
        ! command -v timeout >/dev/null 2>&1 || limit="timeout ${EXLOGARE_INSTALL_TIMEOUT:-60}"
        # Split on purpose: `limit` is two words or none.
        # shellcheck disable=SC2086
        said=$($limit "$python" -m venv "$venv" 2>&1 &&
            $limit "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --timeout 15 --retries 2 \
                "$what" 2>&1) || {
            rm -rf "$venv"
            problem="exl could not be installed: $(printf '%s' "$said" | tail -n 1)"
            return
        }
    fi
    exl=$venv/bin/exl
}

# After find-exl.sh. `run_step` runs `exl step`; without exl, a command in EXLOGARE_RUN runs all the same.
# Its exit code is the step's: the command's own, or, where there is none, 0 unless EXLOGARE_STRICT asks for more.
run_step() {
    find_exl
    if [ -n "$exl" ]; then
        # These have had their effect; exl would take them for misspelt settings.
        unset EXLOGARE_EXL EXLOGARE_VERSION EXLOGARE_PACKAGE_DIR EXLOGARE_PACKAGE_VERSION EXLOGARE_INSTALL_TIMEOUT
        "$exl" step "$@"
        return
    fi
    if [ -n "${EXLOGARE_RUN:-}" ]; then
        printf 'exlogare: %s The command runs without it.\n' "$problem" >&2
        run_bare
        code=$?
    else
        printf 'exlogare: %s Nothing was sent.\n' "$problem" >&2
        code=0
    fi
    case ${EXLOGARE_STRICT:-} in
    1 | true | yes | on | TRUE | True) [ "$code" -ne 0 ] || code=1 ;;
    esac
    return "$code"
}

# As `exl step` runs it, and like there without our tokens in its environment.
run_bare() {
    if command -v bash >/dev/null 2>&1; then
        set -- bash --noprofile --norc -eo pipefail -c "$EXLOGARE_RUN"
    else
        set -- sh -e -c "$EXLOGARE_RUN"
    fi
    (
        # A command that ran in the wrong folder must not look like one that passed.
        [ -z "${EXLOGARE_WORKING_DIRECTORY:-}" ] || cd -- "$EXLOGARE_WORKING_DIRECTORY" || exit 2
        # `secrets` may name further variables, those of a CI's own spelling.
        # shellcheck disable=SC2086
        unset EXLOGARE_TOKEN EXLOGARE_CI_TOKEN EXLOGARE_RUN ${secrets:-}
        exec "$@"
    )
}

EXLOGARE_PACKAGE_VERSION=0.1.0
run_step
"""


def exlogare_step(name: str = "exlogare", workdir: str | None = None, **settings: Any) -> steps.ShellCommand:
    """Make the step.

    With ``run`` it is the build's own step: it runs the command on the worker, and ends as the command ends. Without,
    it runs only when the build has failed, and explains the log that ``log_path`` names.

    Args:
        name: the step's name.
        workdir: where it runs; the build's folder when not given.
        settings: those of ``VARIABLES``; a value may be a renderable, such as a secret or a property.

    Returns:
        A step for ``BuildFactory.addStep``.

    Raises:
        TypeError: there is no such setting.
    """
    unknown = sorted(set(settings) - set(VARIABLES))
    if unknown:
        raise TypeError(f"exlogare_step has no setting {', '.join(unknown)}; it has {', '.join(VARIABLES)}.")
    env = {VARIABLES[setting]: _text(value) for setting, value in settings.items()}
    env.setdefault("EXLOGARE_PROVIDER", "buildbot")
    kind: dict[str, Any] = {} if workdir is None else {"workdir": workdir}
    if "run" not in settings:
        kind |= {"alwaysRun": True, "doStepIf": _has_failed, "hideStepIf": _was_skipped}
    command = ["sh", "-c", SCRIPT]
    return steps.ShellCommand(name=name, command=command, env=env, logEnviron=False, haltOnFailure=True, **kind)


def _text(value: Any) -> Any:
    """Give a plain value as a variable's text; what Buildbot renders later is left as it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (int, float)) else value


def _has_failed(step: Any) -> bool:
    return step.build.results in (FAILURE, EXCEPTION)


def _was_skipped(results: int, step: Any) -> bool:  # noqa: ARG001 - Buildbot's signature
    return not _has_failed(step)
