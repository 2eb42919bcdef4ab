#!/usr/bin/env bats
# The orb's one script, with an exl that only says how it was called. SHELL_UNDER_TEST is the shell; default: sh.

setup() {
    script="$BATS_TEST_DIRNAME/../../integrations/circleci/src/scripts/step.sh"
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    cat >"$BATS_TEST_TMPDIR/bin/exl" <<'END'
#!/bin/sh
echo "exl $*"
env | grep -i -E '^(EXL|exlogare|MINE|CIRCLE_TOKEN)' | sort
exit "${EXIT:-0}"
END
    chmod +x "$BATS_TEST_TMPDIR/bin/exl"
    cd "$BATS_TEST_TMPDIR"
}

step() {
    # shellcheck disable=SC2086 # "busybox sh" is two words
    run env -i PATH="$BATS_TEST_TMPDIR/bin:/usr/bin:/bin" HOME="$BATS_TEST_TMPDIR" "$@" ${SHELL_UNDER_TEST:-sh} -e "$script"
}

@test "exl is called with the orb's prefix, and its exit code is the step's" {
    step EXL_ORB_RUN='make test' EXIT=3
    [ "$status" -eq 3 ]
    [ "${lines[0]}" = 'exl step --prefix EXL_ORB_' ]
    [ "${lines[1]}" = 'EXL_ORB_RUN=make test' ]
    [ "${#lines[@]}" -eq 2 ]
}

@test "a secret comes from the variable that is named, and that one is gone" {
    step exlogare_token_name=MINE exlogare_ci_token_name=CIRCLE_TOKEN MINE=exl_1 CIRCLE_TOKEN=c2 EXLOGARE_TOKEN=old
    [ "$status" -eq 0 ]
    [ "${lines[1]}" = 'CIRCLE_TOKEN=c2' ]
    [ "${lines[2]}" = 'EXLOGARE_CI_TOKEN=c2' ]
    [ "${lines[3]}" = 'EXLOGARE_TOKEN=exl_1' ]
    [ "${#lines[@]}" -eq 4 ]
}

@test "a name that is none is not looked up, and nothing is run" {
    step exlogare_token_name='A;touch pwned' exlogare_ci_token_name='$(touch pwned)'
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    [ ! -e pwned ]
}

@test "without exl the command runs alone, without the token, and keeps its exit code" {
    rm bin/exl
    step EXLOGARE_EXL=/nowhere EXLOGARE_TOKEN=exl_1 EXL_ORB_RUN='echo "token: $EXLOGARE_TOKEN"; exit 7'
    [ "$status" -eq 7 ]
    [ "${lines[0]}" = 'exlogare: EXLOGARE_EXL names no program. The command runs without it.' ]
    [ "${lines[1]}" = 'token: ' ]
}

@test "without exl the command runs in the folder that was asked for, or not at all" {
    rm bin/exl
    mkdir below
    step EXLOGARE_EXL=/nowhere EXL_ORB_WORKING_DIRECTORY=below EXL_ORB_RUN=pwd
    [ "${lines[1]}" = "$BATS_TEST_TMPDIR/below" ]
    step EXLOGARE_EXL=/nowhere EXL_ORB_WORKING_DIRECTORY=gone EXL_ORB_RUN='echo ran'
    [ "$status" -eq 2 ]
    [[ "$output" != *ran* ]]
}

@test "without exl a log is left, and only strict makes that an exit code" {
    rm bin/exl
    step EXLOGARE_EXL=/nowhere EXL_ORB_LOG_PATH=build.log
    [ "$status" -eq 0 ]
    [ "$output" = 'exlogare: EXLOGARE_EXL names no program. Nothing was sent.' ]
    step EXLOGARE_EXL=/nowhere EXL_ORB_LOG_PATH=build.log EXL_ORB_STRICT=true
    [ "$status" -eq 1 ]
}
