"""Signatures of scripts that say how a command of theirs ended, in the words that scripts of all kinds use."""

from exlogare_ci.analysis.signatures.base import Signature

SIGNATURES = (
    Signature(
        id="script.tool_exited",
        tool="script",
        pattern=r"^##\[error\][A-Z][a-z]+ exited with (?:exit )?(?:code|status) [1-9][0-9]{0,9}\.?$",
        role="wrapper",
        extract=r"(?P<code>[1-9]\d*)\.?$",
        matches=("##[error]Terraform exited with code 3.",),
        non_matches=("##[error]Terraform exited with code 0.", "##[error]The server exited with code 3 behind a proxy"),
        source="https://github.com/hashicorp/setup-terraform/blob/main/wrapper/terraform.js",
    ),
    Signature(
        id="script.exit_code",
        tool="script",
        pattern=r"^(?:Got|got|Received|received|Returned|returned|Exit|exit|EXIT|Return|return|Exiting|exiting)(?:ed)? (?:with )?(?:exit |return |EXIT )?(?:code|status|CODE|STATUS)(?: is| was)?(?: ?[:=])? ?-?[1-9][0-9]{0,9}\.?$",
        role="wrapper",
        extract=r"(?P<code>-?\d+)\.?$",
        matches=("Got exit code 1", "Exit status: 2", "exit code 137", "Return code = 1", "exiting with status 4."),
        non_matches=("Got exit code 0", "Exit status: 0", "exit code 1 means that a file differs"),
        source="https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html",
    ),
    Signature(
        id="script.command_exited",
        tool="script",
        pattern=r"(?:^|[^\w-])(?:[Cc]ommand|[Ss]cript|[Ss]tep|[Pp]rocess|[Tt]ask|[Jj]ob|[Pp]rogram|[Ss]ubprocess|[Cc]ontainer|[Tt]ests?|[Bb]uild)(?: '[^'\n]{1,160}'| `[^`\n]{1,160}`)? (?:has )?(?:exited|finished|terminated|ended|completed) with (?:an? )?(?:non-?zero )?(?:exit )?(?:code|status) ?[:=]? ?['\"(]?-?[1-9]",
        role="wrapper",
        extract=r"(?P<code>-?[1-9]\d*)",
        matches=(
            "##[error][agent] Step script exited with code 1. Look at the lines above.",
            "Command 'make all' exited with status 2",
            "The build finished with exit code: 3",
        ),
        non_matches=(
            "Command 'make all' exited with status 0",
            "Tests finished with 3 failures",
            "Error: the container has exited",
        ),
        source="https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html",
    ),
)
