"""Names that a runner puts before each line are taken off where the log itself tells them."""

import pytest

from exlogare_ci.analysis import analyze

GCC = "src/cart.c:3:4: error: 'price' undeclared (first use in this function)\nmake: *** [cart.o] Error 1"
TSC = "src/cart.ts(3,4): error TS2304: Cannot find name 'price'."
NPM = (
    "npm ERR! code E404\nnpm ERR! 404 Not Found - GET https://registry.npmjs.org/@acme%2fcart - Not found\n"
    "npm ERR! 404  '@acme/cart@9.9.9' is not in this registry."
)


def named(name: str, text: str) -> str:
    """Each line of a text behind a name."""
    return "".join(f"{name}{line}\n" for line in text.split("\n"))


@pytest.mark.parametrize(
    ("log", "tool", "cause"),
    [
        (
            "$ docker compose up --abort-on-container-exit\nAttaching to db-1, tests-1\n"
            "db-1     | LOG:  database system is ready to accept connections\n"
            + named("tests-1  | ", GCC)
            + "tests-1 exited with code 2\n",
            "gcc",
            4,
        ),
        (
            'Starting Step #0 - "make"\nStep #0 - "make": Already have image: gcc\n'
            + named('Step #0 - "make": ', GCC)
            + 'Finished Step #0 - "make"\nERROR\n'
            'ERROR: build step 0 "gcc" failed: step exited with non-zero status: 2\n',
            "gcc",
            3,
        ),
        (
            "$ vagrant up\nBringing machine 'default' up with 'virtualbox' provider...\n"
            "==> default: Running provisioner: shell...\n"
            + named("    default: ", GCC)
            + "The SSH command responded with a non-zero exit status. Vagrant\n",
            "gcc",
            4,
        ),
        (
            "$ git push heroku main\nremote: Building source:\nremote: \nremote: -----> Node.js app detected\n"
            + named("remote:        ", NPM)
            + "remote: -----> Build failed\nremote:  !     Push rejected, failed to compile Node.js app.\n"
            " ! [remote rejected] main -> main (pre-receive hook declined)\n"
            "error: failed to push some refs to 'https://git.heroku.com/acme.git'\n",
            "npm",
            7,
        ),
        (
            "$ lerna run build --stream\nlerna notice cli v4.0.0\n@acme/cart: > @acme/cart@1.0.0 build\n"
            + named("@acme/cart: ", TSC)
            + "lerna ERR! yarn run build exited 2 in '@acme/cart'\n",
            "tsc",
            4,
        ),
        (
            "$ yarn workspaces foreach -pv run build\n[@acme/cart]: Process started\n"
            + named("[@acme/cart]: ", TSC)
            + "[@acme/cart]: Process exited (exit code 2), completed in 3s\n",
            "tsc",
            3,
        ),
    ],
    ids=["compose", "cloud build", "vagrant", "heroku", "lerna", "yarn"],
)
def test_a_tool_is_known_behind_a_name(log: str, tool: str, cause: int) -> None:
    """What the tool printed is told as if nothing stood before it."""
    analysis = analyze(log.encode())

    assert (analysis.tool, analysis.cause_line) == (tool, cause)


def test_azures_mark_hides_no_tool() -> None:
    """A command's second stream is marked line by line; a task's own last word stays the task's."""
    log = (
        "##[section]Starting: Build\n========== Starting Command Output ==========\n"
        + named("##[error]", NPM)
        + "##[error]Bash exited with code '1'.\n##[section]Finishing: Build\n"
    )

    analysis = analyze(log.encode())

    assert (analysis.tool, analysis.category, analysis.cause_line) == ("npm", "deps.not_found", 5)


def test_a_runners_mark_is_no_part_of_the_sentence() -> None:
    """What a sentence quotes of a log begins behind the mark."""
    text = "The connection to the server localhost:8080 was refused - did you specify the right host or port?"

    analysis = analyze(f"##[section]Starting: Build\n##[error]{text}\n##[section]Finishing: Build\n".encode())

    assert "##[" not in analysis.root_cause
