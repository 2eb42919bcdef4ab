#!/bin/sh
# The pipe's entry. Bitbucket hands on the variables of a pipe under the names that they have in the pipeline's file;
# under a prefix they are exl's, and a build that the pipe runs does not see them.
set -u
for name in RUN LOG_PATH STATUS WORKING_DIRECTORY TOKEN URL STRICT TIMEOUT PROJECT PROVIDER REPORT REPORT_DIR OUTPUT_FILE CA_BUNDLE SPOOL_DIR CI_TOKEN CI_API_URL; do
    eval "value=\${$name:-}"
    # shellcheck disable=SC2154 # set by the line above
    [ -z "$value" ] || export "PIPE_$name=$value"
    unset "$name"
done
unset value
# Bitbucket tells how the step ended by a number, and only in after-script.
: "${PIPE_STATUS:=${BITBUCKET_EXIT_CODE:-}}"
case $PIPE_STATUS in
0) PIPE_STATUS=success ;;
*[!0-9]* | '') ;;
*) PIPE_STATUS=failed ;;
esac
if [ -z "$PIPE_STATUS" ] && [ -z "${PIPE_RUN:-}" ]; then
    # shellcheck disable=SC2016 # a name for the reader
    printf 'exlogare: it is not known how the step ended, so nothing is sent; add STATUS: $BITBUCKET_EXIT_CODE\n' >&2
    [ "${PIPE_STRICT:-}" != true ] || exit 2
    exit 0
fi
export PIPE_STATUS
exec exl step --prefix PIPE_
