"""In whose words a failure is told, and which category follows: a tool's own word beats what any program may print."""

import pytest

from exlogare_ci.analysis import analyze

GROUP = "##[group]Run ./check.sh\n./check.sh\n##[endgroup]\n"
EXIT = "##[error]Process completed with exit code 1.\n"


def github(text: str, command: str = "./check.sh") -> bytes:
    """The output of one failing step, as GitHub Actions frames it; its first line is the log's fourth."""
    return f"{GROUP.replace('./check.sh', command)}{text}{EXIT}Post job cleanup.\n".encode()


@pytest.mark.parametrize(
    ("text", "command", "category", "cause"),
    [
        (
            (
                "aws_s3_bucket.shop: Creating...\n\n"
                "Error: Error creating S3 bucket: OperationAborted: A conflicting operation is in progress\n\n"
                '  on s3.tf line 1, in resource "aws_s3_bucket" "shop":\n   1: resource "aws_s3_bucket" "shop" {\n'
            ),
            "terraform apply",
            "deploy.terraform",
            6,
        ),
        (
            "modules/network/main.tf\nvariables.tf\n##[error]Terraform exited with code 3.\n",
            "terraform fmt -check -recursive",
            "code.format",
            5,
        ),
        (
            (
                "  Styles\n"
                r"C:\VS\CppCommon.targets(241,5): error MSB8066: Custom build for 'a.rule' exited with code 9009."
                "\n"
            ),
            "msbuild shop.sln",
            "config.build_script",
            5,
        ),
        (
            (
                "cart.c: In function 'main':\n"
                "cart.c:3:5: error: implicit declaration of function 'total' [-Werror=implicit-function-declaration]\n"
                "cc1: some warnings being treated as errors\n"
            ),
            "make",
            "code.compile",
            5,
        ),
        (
            (
                "cart.c: In function 'main':\ncart.c:3:5: error: unused variable 'total' [-Werror=unused-variable]\n"
                "cc1: some warnings being treated as errors\n"
            ),
            "make",
            "code.lint",
            5,
        ),
        (
            (
                "* What went wrong:\nExecution failed for task ':app:lint'.\n"
                "> Lint found errors in the project; aborting build.\n\nBUILD FAILED in 11s\n"
            ),
            "./gradlew lint",
            "code.lint",
            6,
        ),
        (
            (
                'Waiting for deployment "cart" rollout to finish: 1 out of 2 new replicas have been updated...\n'
                'error: deployment "cart" exceeded its progress deadline\n'
                '##[error]Error: error: deployment "cart" exceeded its progress deadline\n'
            ),
            "./deploy.sh",
            "deploy.k8s",
            5,
        ),
    ],
    ids=["terraform", "terraform fmt", "msbuild task", "no valid C", "warning", "android lint", "said again"],
)
def test_a_tools_own_word_gives_the_category(text: str, command: str, category: str, cause: int) -> None:
    """Neither ``Error: …``, which any program prints, nor the runner's repetition of a line says more than the tool."""
    analysis = analyze(github(text, command))

    assert (analysis.category, analysis.cause_line) == (category, cause)


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


def test_a_tests_time_out_names_the_test_however_deep_go_indents_it() -> None:
    """Go 1.20 indents the list of running tests by one tab, later ones by two."""
    text = "panic: test timed out after 1s\nrunning tests:\n\tTestHello (1s)\n\ngoroutine 1 [running]:\nmain.main()\n"

    assert analyze(github(text + "FAIL\tdemo\t1.0s\n", "go test ./...")).failed_tests == ("TestHello",)
