#!/bin/sh
# The action's one step: find or install exl, then run it on a command (input `run`) or on a log (`log_path`).
# Inputs come as EXLOGARE_ACTION_*; nothing here is expanded by anything but this shell, and always quoted.
# exl writes the outputs that depend on an analysis; this script those that do not.
set -u

: "${EXLOGARE_ACTION_RUN:=}" "${EXLOGARE_ACTION_LOG_PATH:=}" "${EXLOGARE_ACTION_STATUS:=failed}"
: "${EXLOGARE_ACTION_WORKING_DIRECTORY:=}" "${EXLOGARE_ACTION_TOKEN:=}" "${EXLOGARE_ACTION_ENDPOINT:=}"
: "${EXLOGARE_ACTION_FAIL_ON_ERROR:=false}" "${EXLOGARE_ACTION_CLI_VERSION:=}"
: "${GITHUB_OUTPUT:=/dev/null}" "${RUNNER_TEMP:=/tmp}"

result() {
    printf 'result=%s\n' "$1" >>"$GITHUB_OUTPUT"
}

# Show a sentence where the developer looks. A line feed or a per cent sign in it would end or change the command.
warn() {
    printf '::warning title=Exlogare CI::%s\n' "$(printf '%s' "$1" | tr '\r\n%' '  _')"
}

# Something of ours failed: say it, and fail the step only if that was asked for.
give_up() {
    warn "$1"
    result error
    [ "$EXLOGARE_ACTION_FAIL_ON_ERROR" != true ] || exit 1
    exit 0
}

# Set `exl` to a command that works, or `problem` to a sentence that says why there is none.
find_exl() {
    exl=
    problem=
    version=$EXLOGARE_ACTION_CLI_VERSION
    case $version in
    *[!0-9A-Za-z.]*)
        problem="cli_version must be a version such as 0.1.0; it was not used."
        return
        ;;
    esac
    if command -v exl >/dev/null 2>&1; then
        if [ -z "$version" ] || [ "$(exl --version 2>/dev/null)" = "exl $version" ]; then
            exl=exl
            return
        fi
    fi
    install_exl "$version"
}

# Install into an environment of its own, so that neither the build's Python nor its packages are touched.
install_exl() {
    if [ -n "$1" ]; then
        requirement="exlogare-ci==$1"
    elif [ -f "$GITHUB_ACTION_PATH/../../pyproject.toml" ]; then
        requirement=$GITHUB_ACTION_PATH/../..
    else
        requirement=exlogare-ci
    fi
    venv=$RUNNER_TEMP/exlogare-ci-${1:-own}
    if [ ! -x "$venv/bin/exl" ]; then
        python=$(command -v python3 || command -v python) || {
            problem="exl is not installed, and there is no Python to install it with; add actions/setup-python."
            return
        }
        said=$("$python" -m venv "$venv" 2>&1 &&
            "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --timeout 15 --retries 2 \
                "$requirement" 2>&1) || {
            rm -rf "$venv"
            problem="exl could not be installed: $(printf '%s' "$said" | tail -n 1)"
            return
        }
    fi
    exl=$venv/bin/exl
}

# Run the command as GitHub runs a step's `run` with `shell: bash`; with `exl` when it is there, else bare, because
# the build must go on. The token is for exl, not for the build.
run_command() {
    script=$(mktemp "$RUNNER_TEMP/exlogare-XXXXXX") || give_up "The command could not be written to $RUNNER_TEMP."
    trap 'rm -f "$script"' EXIT
    printf '%s\n' "$EXLOGARE_ACTION_RUN" >"$script"
    # shellcheck disable=SC2016 # "$1" is for the inner shell
    if command -v bash >/dev/null 2>&1; then
        set -- bash --noprofile --norc -c 'unset EXLOGARE_TOKEN; exec bash --noprofile --norc -eo pipefail "$1"'
    else
        set -- sh -c 'unset EXLOGARE_TOKEN; exec sh -e "$1"'
    fi
    set -- "$@" "$1" "$script"
    [ -z "$exl" ] || set -- "$exl" run -- "$@"
    "$@"
}

if [ -n "$EXLOGARE_ACTION_WORKING_DIRECTORY" ]; then
    cd "$EXLOGARE_ACTION_WORKING_DIRECTORY" || {
        # A build in the wrong folder must not look like one that passed.
        printf '::error title=Exlogare CI::There is no folder as given in working_directory.\n'
        exit 1
    }
fi
[ -z "$EXLOGARE_ACTION_TOKEN" ] || EXLOGARE_TOKEN=$EXLOGARE_ACTION_TOKEN
[ -z "$EXLOGARE_ACTION_ENDPOINT" ] || EXLOGARE_URL=$EXLOGARE_ACTION_ENDPOINT
unset EXLOGARE_ACTION_TOKEN
[ -z "${EXLOGARE_TOKEN:-}" ] || export EXLOGARE_TOKEN
[ -z "${EXLOGARE_URL:-}" ] || export EXLOGARE_URL
[ "$EXLOGARE_ACTION_FAIL_ON_ERROR" != true ] || export EXLOGARE_STRICT=1
find_exl

if [ -n "$EXLOGARE_ACTION_RUN" ]; then
    [ -z "$EXLOGARE_ACTION_LOG_PATH" ] || warn "log_path is not used, because run is set."
    [ -z "$problem" ] || warn "$problem The command runs without exl."
    run_command
    code=$?
    if [ -n "$problem" ]; then
        result error
        [ "$EXLOGARE_ACTION_FAIL_ON_ERROR" != true ] || [ "$code" -ne 0 ] || code=1
    elif [ "$code" -eq 0 ]; then
        result passed
    fi
    exit "$code"
fi

[ -n "$EXLOGARE_ACTION_LOG_PATH" ] || give_up "Nothing to do: set run to a command, or log_path to a log."
[ -z "$problem" ] || give_up "$problem The log was not sent."
log=$EXLOGARE_ACTION_LOG_PATH
[ -r "$log" ] || give_up "The log cannot be read; log_path names no file that is there."
shown=$("$exl" analyze -- "$log") || give_up "The log could not be analysed."
printf '%s\n' "$shown"
printf 'root-cause=%s\n' "$(printf '%s\n' "$shown" | sed -n 's/^Root cause: *//p' | head -n 1)" >>"$GITHUB_OUTPUT"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || "$exl" analyze --format markdown -- "$log" >>"$GITHUB_STEP_SUMMARY"
if [ -z "${EXLOGARE_TOKEN:-}" ] || [ -z "${EXLOGARE_URL:-}${EXLOGARE_ENDPOINT:-}" ]; then
    printf 'exl: not uploaded, because token or endpoint is not set.\n'
    result analysed
    exit 0
fi
answer=$("$exl" ingest --strict --format json --status "$EXLOGARE_ACTION_STATUS" --log-file "$log") ||
    give_up "The log was not uploaded; the reason stands in the job's log."
id=$(printf '%s' "$answer" | sed -n 's/.*"analysis_id": *"\([0-9A-Fa-f-]*\)".*/\1/p')
printf 'exl: analysis %s\n' "$id"
printf 'analysis-id=%s\n' "$id" >>"$GITHUB_OUTPUT"
result uploaded
