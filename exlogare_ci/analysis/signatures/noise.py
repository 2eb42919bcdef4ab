"""Lines that look like a failure and are none, whoever prints them.

The families follow the engine's rule: other hits on such a line are ignored, so a pattern here must never fit a line
that also carries a real failure.
"""

from exlogare_ci.analysis.signatures.base import Signature

_CMAKE = "ran: cmake 3.25"
_GIT = "ran: git 2.39"
_DOCKER = "https://docs.docker.com/reference/cli/docker/"
_WORDS = r"[^\n]*(?:[Ee]rror|ERROR|[Ff]ail|FAIL|[Ee]xception|[Tt]imed ?out|[Tt]imeout|refused|denied|not found|[Cc]annot|[Ii]nvalid|[Cc]rash)[^\n]*"
"""What another signature could take for a failure; only lines with one of these are worth a hit."""

SIGNATURES = (
    Signature(
        id="noise.no_errors_sentence",
        tool="checker",
        pattern=r"(?:^|[ \t(:])(?:0 errors?,? (?:and )?0 (?:warnings?|fail)|0 problems|0 failed, 0 errors|[Nn]o (?:errors|issues|problems|offenses|violations|vulnerabilities|leaks) (?:found|detected))",
        role="noise",
        matches=(
            "Result: 0 errors, 0 warnings",
            "Inspected 14 files: no offenses detected",
            "Success: no issues found in 12 source files",
        ),
        non_matches=("10 errors, 0 warnings", "2 problems (2 errors, 0 warnings)"),
        source="https://mypy.readthedocs.io/en/stable/running_mypy.html",
    ),
    Signature(
        id="noise.slf4j",
        tool="slf4j",
        pattern=r"^SLF4J(?:\([IWE]\))?: (?:Failed to load class|Class path contains|Defaulting to|Actual binding|No SLF4J providers|See https?://)",
        role="noise",
        matches=(
            'SLF4J: Failed to load class "org.slf4j.impl.StaticLoggerBinder".',
            "SLF4J: Defaulting to no-operation",
        ),
        non_matches=("Caused by: org.slf4j.helpers.SLF4JException: no",),
        source="https://www.slf4j.org/codes.html",
    ),
    Signature(
        id="noise.zero_build_errors",
        tool="dotnet",
        pattern=r"^[ \t]+0 (?:Error|Warning|Erreur|Fehler|Warnung)\(?[esn]*\)?$",
        role="noise",
        matches=("    0 Error(s)", "    0 Warning(s)"),
        non_matches=("    10 Error(s)",),
        source="https://learn.microsoft.com/dotnet/core/tools/dotnet-build",
    ),
    Signature(
        id="noise.workflow_echo",
        tool="ci",
        pattern=r"^[ \t]{0,40}-? ?(?:fail[-_]fast|continue[-_]on[-_]error|fail[-_]on[-_]error|if[-_]no[-_]files[-_]found|allow_failure|ignore_errors|on_failure|fail_ci_if_error|fail_on_failure): [a-z]+$",
        role="noise",
        matches=(
            "  if-no-files-found: error",
            "  fail_ci_if_error: true",
            "continue-on-error: true",
        ),
        non_matches=("fail_ci_if_error: Unexpected value 'yes please'",),
        source="https://docs.github.com/actions/reference/workflow-syntax-for-github-actions",
    ),
    Signature(
        id="noise.shell_options",
        tool="shell",
        pattern=r"^(?:\+{1,3} |\$ )?set [-+][a-zA-Z]+(?: [-+]?o? ?[a-z]+)*$",
        role="noise",
        matches=("+ set -e", "$ set -euo pipefail", "set -ex"),
        non_matches=("set: usage: set [-abefhkmnptuvxBCHP]",),
        source="https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html",
    ),
    Signature(
        id="noise.echo_of_echo",
        tool="shell",
        pattern=r"^(?:\+{1,4} |\$ )(?:echo|printf|>&2 echo) ",
        role="noise",
        matches=("+ echo 'ERROR: the build failed'", '$ echo "no errors"'),
        non_matches=("echo: write error: No space left on device",),
        source="https://www.gnu.org/software/bash/manual/html_node/The-Set-Builtin.html",
    ),
    Signature(
        id="noise.script_echo",
        tool="shell",
        pattern=r"^(?:\+{1,4} |\$ ).+\|\| (?:true|:|exit|echo|travis_terminate)(?: [^\n]+)?$",
        role="noise",
        matches=("$ rm -f /var/lock/error || true", "+ make test || exit 1"),
        non_matches=("$ make test",),
        source="https://www.gnu.org/software/bash/manual/html_node/Lists.html",
    ),
    Signature(
        id="noise.apt_notice",
        tool="apt",
        pattern=r"^(?:WARNING: apt does not have a stable CLI interface|debconf: (?:delaying package configuration|unable to initialize frontend|falling back to frontend)|invoke-rc\.d: policy-rc\.d denied)",
        role="noise",
        matches=(
            "WARNING: apt does not have a stable CLI interface. Use with caution in scripts.",
            "debconf: delaying package configuration, since apt-utils is not installed",
        ),
        non_matches=("E: Unable to locate package nosuch",),
        source="ran: apt 2.6",
    ),
    Signature(
        id="noise.git_probe",
        tool="git",
        pattern=r"^fatal: (?:No names found, cannot describe anything\.|No annotated tags can describe|no tag exactly matches|No tags can describe )",
        role="noise",
        matches=(
            "fatal: No names found, cannot describe anything.",
            "fatal: no tag exactly matches '1234567890123456789012345678901234567890'",
        ),
        non_matches=("fatal: bad revision 'v1'",),
        source=_GIT,
    ),
    Signature(
        id="noise.git_hint",
        tool="git",
        pattern=r"^hint: ",
        role="noise",
        matches=("hint: Updates were rejected because the remote contains work that you do",),
        non_matches=("fatal: You are not currently on a branch.",),
        source=_GIT,
    ),
    Signature(
        id="noise.autoconf_probe",
        tool="autoconf",
        pattern=r"^checking [^\n]+\.\.\. (?:no|none|not found|\(cached\) no|failed)$",
        role="noise",
        matches=(
            "checking for error_at_line... no",
            "checking whether strerror_r is declared... (cached) no",
        ),
        non_matches=("configure: error: no acceptable C compiler found in $PATH",),
        source="https://www.gnu.org/savannah-checkouts/gnu/autoconf/manual/autoconf-2.72/autoconf.html",
    ),
    Signature(
        id="noise.which_probe",
        tool="which",
        pattern=r"^(?:/usr/bin/)?which: no [^ \n]+ in \(",
        role="noise",
        matches=("which: no javac in (/usr/local/bin:/usr/bin)",),
        non_matches=("bash: which: command not found",),
        source="https://carlowood.github.io/which/",
    ),
    Signature(
        id="noise.docker_probe",
        tool="docker",
        pattern=r"^(?:WARNING: (?:No swap limit support|No memory limit support|bridge-nf-call-ip6?tables is disabled|No blkio|No kernel memory|No cpu))",
        role="noise",
        matches=("WARNING: No swap limit support", "WARNING: bridge-nf-call-iptables is disabled"),
        non_matches=("docker: Error response from daemon: manifest unknown",),
        source=_DOCKER,
    ),
    Signature(
        id="noise.curl_retry",
        tool="curl",
        pattern=r"^(?:curl: |Warning: )[^\n]*(?:[Ww]ill retry in [0-9]|Problem: [^\n]*retr)",
        role="noise",
        matches=(
            "Warning: Problem: timeout. Will retry in 2 seconds. 3 retries left.",
            "curl: (7) Failed to connect to localhost port 1: Connection refused. Will retry in 1 seconds.",
        ),
        non_matches=("curl: (7) Failed to connect to localhost port 1: Connection refused",),
        source="https://curl.se/docs/manpage.html#--retry",
    ),
    Signature(
        id="noise.retry_follows",
        tool="tool",
        pattern=r"(?:[Rr]etrying in [0-9]|[Ww]ill retry|[,;.] [Rr]etrying(?: \(|\.\.\.|$)|[Bb]ack(?:ing)? off [0-9.]+ ?s)",
        role="noise",
        matches=(
            "Connection timed out, retrying...",
            "request failed: 503 Service Unavailable; retrying in 5s",
            'level=warning msg="Failed, retrying in 2s ... (1/3). Error: initializing source docker://localhost:1/none:latest"',
        ),
        non_matches=("all retries are used up: Connection timed out",),
        source="ran: podman 4.3",
    ),
    Signature(
        id="noise.cleanup_probe",
        tool="coreutils",
        pattern=r"^(?:rm: cannot remove [^\n]+: No such file or directory|[^\n]*kill: [^\n]*No such process)$",
        role="noise",
        matches=(
            "rm: cannot remove 'build': No such file or directory",
            "a.sh: line 3: kill: (4242) - No such process",
        ),
        non_matches=("cp: cannot stat 'build': No such file or directory",),
        source="ran: coreutils 9.1, bash 5.2",
    ),
    Signature(
        id="noise.ansible_ignored",
        tool="ansible",
        pattern=r"^\.\.\.ignoring$",
        role="noise",
        matches=("...ignoring",),
        non_matches=('fatal: [web1]: FAILED! => {"changed": false}',),
        source="https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_error_handling.html",
    ),
    Signature(
        id="noise.gradle_footer",
        tool="gradle",
        pattern=r"^\* (?:Try:$|Get more help at )",
        role="noise",
        matches=(
            "* Try:",
            "* Get more help at https://help.gradle.org",
        ),
        non_matches=("* What went wrong:",),
        source="https://docs.gradle.org/current/userguide/command_line_interface.html",
    ),
    Signature(
        id="noise.tool_footer",
        tool="tool",
        pattern=r"(?:run with `?RUST_BACKTRACE=|For more information about (?:this|an) error, try `rustc --explain|Some errors have detailed explanations: )",
        role="noise",
        matches=(
            "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace",
            "For more information about this error, try `rustc --explain E0308`.",
        ),
        non_matches=("error[E0308]: mismatched types",),
        source="https://doc.rust-lang.org/std/backtrace/index.html",
    ),
    Signature(
        id="noise.log_level",
        tool="logger",
        pattern=r"^(?:[0-9-]{10}[ T])?[0-9]{2}:[0-9]{2}:[0-9]{2}[.,0-9Z]*[ \t]+(?:\[[^\]\n]+\][ \t]+)?\[?(?:WARN|WARNING|INFO|DEBUG|TRACE)\]?[ \t]"
        + _WORDS
        + "$",
        role="noise",
        matches=(
            "2026-01-12 07:11:39,120 WARN  [main] c.a.Client - the call failed, trying again",
            "07:11:39.120 [main] INFO  c.a.Client - Connection refused, will wait",
        ),
        non_matches=("2026-01-12 07:11:39,120 ERROR the call failed",),
        source="https://logging.apache.org/log4j/2.x/manual/pattern-layout.html",
    ),
)
