#!/bin/sh
# The plugin's one step, in place of the agent's own run of the command: the command runs under `exl step`, or, with
# log_path, as ever, and its log is explained when it failed. Settings come as BUILDKITE_PLUGIN_EXLOGARE_*.
set -u

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

: "${EXLOGARE_PACKAGE_DIR:=$(dirname -- "$0")}" "${EXLOGARE_PACKAGE_VERSION:=0.1.0}"
# What the script itself needs, and what it needs where there is no exl.
[ -z "${BUILDKITE_PLUGIN_EXLOGARE_VERSION:-}" ] || EXLOGARE_VERSION=$BUILDKITE_PLUGIN_EXLOGARE_VERSION
[ "${BUILDKITE_PLUGIN_EXLOGARE_STRICT:-}" != true ] || EXLOGARE_STRICT=1
[ -z "${BUILDKITE_PLUGIN_EXLOGARE_WORKING_DIRECTORY:-}" ] ||
    EXLOGARE_WORKING_DIRECTORY=$BUILDKITE_PLUGIN_EXLOGARE_WORKING_DIRECTORY

# As the agent runs it: its shell is a command line, split into words, and gets the command as one.
# shellcheck disable=SC2016 # for the shell that runs it
own='exec ${BUILDKITE_SHELL:-/bin/bash -e -c} "$BUILDKITE_COMMAND"'
EXLOGARE_RUN=${BUILDKITE_PLUGIN_EXLOGARE_RUN:-$own}
if [ -z "${BUILDKITE_PLUGIN_EXLOGARE_LOG_PATH:-}" ]; then
    export EXLOGARE_RUN
    run_step --prefix BUILDKITE_PLUGIN_EXLOGARE_
    exit $?
fi

run_bare
code=$?
[ "$code" -ne 0 ] || exit 0
unset EXLOGARE_RUN BUILDKITE_PLUGIN_EXLOGARE_RUN
: "${BUILDKITE_PLUGIN_EXLOGARE_STATUS:=failed}"
export BUILDKITE_PLUGIN_EXLOGARE_STATUS
run_step --prefix BUILDKITE_PLUGIN_EXLOGARE_
exit "$code"
