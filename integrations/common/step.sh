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
