#!/bin/sh
# Any CI: settings from the environment -> exl. The entry of the container image; also works beside an installed exl.
#
# With arguments, they are exl's: `exlogare.sh run -- make test`. Without, a log is analysed, and uploaded when
# EXLOGARE_TOKEN is set:
#   EXLOGARE_LOG_PATH   the log; `-` (the default) reads standard input
#   EXLOGARE_STATUS     how the job ended; default: failed
#   EXLOGARE_PROVIDER   the CI service, where exl cannot tell
#   EXLOGARE_PROJECT    the project, where exl cannot tell
# exl reads EXLOGARE_TOKEN, EXLOGARE_URL, EXLOGARE_STRICT and the CI's own variables itself.
set -u

[ "$#" -eq 0 ] || exec exl "$@"

log=${EXLOGARE_LOG_PATH:--}
status=${EXLOGARE_STATUS:-failed}
provider=${EXLOGARE_PROVIDER:-}
project=${EXLOGARE_PROJECT:-}
# These are this script's settings; exl would take them for misspelt ones of its own.
unset EXLOGARE_LOG_PATH EXLOGARE_STATUS EXLOGARE_PROVIDER EXLOGARE_PROJECT

# Standard input can be read only once, and the log is read twice.
if [ "$log" = - ]; then
    log=$(mktemp) || exit 0
    trap 'rm -f "$log"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    cat >"$log"
fi

exl analyze -- "$log"
code=$?
if [ -n "${EXLOGARE_TOKEN:-}" ]; then
    set -- --status "$status" --log-file "$log"
    [ -z "$provider" ] || set -- "$@" --provider "$provider"
    [ -z "$project" ] || set -- "$@" --project "$project"
    exl ingest "$@"
    code=$?
fi
# A log that cannot be read has been said; it changes the job's result only where that was asked for.
case ${EXLOGARE_STRICT:-0} in
1 | true | yes | on) exit "$code" ;;
esac
exit 0
