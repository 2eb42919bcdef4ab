"""What one tool puts before another's lines is taken off, so that the other's words are known."""

import pytest

from exlogare_ci.analysis import analyze

GROUP = "##[group]Run ./check.sh\n./check.sh\n##[endgroup]\n"
EXIT = "##[error]Process completed with exit code 1.\n"


def github(text: str, command: str = "./check.sh") -> bytes:
    """The output of one failing step, as GitHub Actions frames it; its first line is the log's fourth."""
    return f"{GROUP.replace('./check.sh', command)}{text}{EXIT}Post job cleanup.\n".encode()


def test_what_a_build_behind_a_push_says_is_read_without_gits_prefix() -> None:
    """Heroku builds while git pushes, and each line of the build comes back behind ``remote:``."""
    text = (
        "remote: Building source:\nremote: \nremote: -----> Building on the Heroku-22 stack\n"
        "remote:  !     No default language could be detected for this app.\nremote: \nremote:  !     Push failed\n"
        "To https://git.example.com/shop.git\n ! [remote rejected] HEAD -> main (pre-receive hook declined)\n"
        "error: failed to push some refs to 'https://git.example.com/shop.git'\n"
    )

    analysis = analyze(github(text, "git push heroku HEAD:main"))

    assert (analysis.category, analysis.cause_line) == ("deploy.cloud", 7)


@pytest.mark.parametrize(
    ("text", "category", "cause"),
    [
        (
            (
                "==> amazon-ebs.web: Provisioning with shell script: setup.sh\n"
                "    amazon-ebs.web: Reading package lists...\n"
                "    amazon-ebs.web: E: Unable to locate package openjdk-7-jre-headless\n"
                "Build 'amazon-ebs.web' errored after 3 minutes: Script exited with non-zero exit status: 100.\n\n"
                "==> Builds finished but no artifacts were created.\n"
            ),
            "deps.not_found",
            6,
        ),
        (
            (
                "==> amazon-ebs.web: Creating temporary security group for this instance...\n"
                "Build 'amazon-ebs.web' errored after 3 seconds: The vpc ID 'vpc-1' does not exist\n\n"
                "==> Builds finished but no artifacts were created.\n"
            ),
            "deploy.cloud",
            5,
        ),
        (
            (
                " Exception: Execution failed with exit code 1\n        ... Command: nim c cart\n"
                "        ... Output: Hint: system [Processing]\n"
                "        ... /src/cart.nim(3, 10) Error: type mismatch: got <string>\n"
            ),
            "code.compile",
            7,
        ),
        (
            (
                "(02:07:05) ERROR: /src/shop/BUILD:3:10: Compiling cart.cc failed: (Exit 1): gcc failed\n"
                "cart.cc:2:10: error: 'price' was not declared in this scope\n"
                "(02:07:05) INFO: Elapsed time: 12.111s\n(02:07:05) FAILED: Build did NOT complete successfully\n"
            ),
            "code.compile",
            5,
        ),
        (
            (
                "ERROR: cart-1.0-r0 do_compile: oe_runmake failed\n"
                "ERROR: Logfile of failure stored in: /build/tmp/cart/1.0-r0/temp/log.do_compile.4242\n"
                "Log data follows:\n| DEBUG: Executing shell function do_compile\n"
                "| cart.c:2:10: error: 'price' undeclared (first use in this function)\n"
                "| make: *** [cart.o] Error 1\n| ERROR: oe_runmake failed\n"
                "ERROR: Task (/src/meta/cart_1.0.bb:do_compile) failed with exit code '1'\n\n"
                "Summary: 1 task failed:\n  /src/meta/cart_1.0.bb:do_compile\n"
                "Summary: There were 2 ERROR messages, returning a non-zero exit code.\n"
            ),
            "code.compile",
            8,
        ),
    ],
    ids=["packer, what it ran", "packer itself", "nimble", "bazel", "bitbake"],
)
def test_what_one_tool_puts_before_anothers_lines_is_taken_off(text: str, category: str, cause: int) -> None:
    """Packer names the builder, nimble indents behind dots, Bazel can stamp its lines, BitBake draws a bar."""
    analysis = analyze(github(text))

    assert (analysis.category, analysis.cause_line) == (category, cause)
