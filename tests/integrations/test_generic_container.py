"""The container image, built and run for real, against a server that keeps what arrives."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.engines.builds import example
from tests.integrations.containers import Done
from tests.integrations.recorder import ANALYSIS_ID, Recorder, recording
from tests.integrations.snippets import ROOT
from tests.plugins.images import Images

pytestmark = [pytest.mark.slow, pytest.mark.needs("containers"), pytest.mark.xdist_group("container")]

LOG: Final = """\
$ go test ./...
--- FAIL: TestTotal (0.00s)
    cart_test.go:12: Total() = 3480, want 3240
FAIL
FAIL\texample.com/shop\t0.003s
FAIL
"""


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that accepts what arrives."""
    with recording() as server:
        yield server


def run(images: Images, *options: str, arguments: tuple[str, ...] = (), stdin: str = "") -> Done:
    """Run the image with options of the engine and arguments for the image."""
    argv = ["podman", "run", "--rm", "--interactive", *options, images.of("generic"), *arguments]
    return images.engine.call(argv, stdin=stdin)


def test_image_is_exl_for_a_plain_user(images: Images) -> None:
    """The image's arguments are exl's, and it does not run as root."""
    version = run(images, arguments=("--version",))
    user = run(images, "--entrypoint", "id", arguments=("-u",))

    assert (version.code, version.output.split()[0]) == (0, "exl")
    assert (user.code, user.output.strip()) == (0, "65532")


def test_log_file_is_explained_and_sent(images: Images, recorder: Recorder, tmp_path: Path) -> None:
    """A mounted log is explained in the job and arrives at the server, with the settings as given."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    tmp_path.chmod(0o755)  # it is read by another user
    settings = {
        "EXLOGARE_URL": recorder.url,
        "EXLOGARE_TOKEN": "exl_0123456789",
        "EXLOGARE_LOG_PATH": "build.log",
        "EXLOGARE_PROVIDER": "Our CI",
        "EXLOGARE_PROJECT": "shop/$(id)",
    }
    options = [f"--env={name}={value}" for name, value in settings.items()]

    done = run(images, *options, f"--volume={tmp_path}:/work:ro", "--user=12345:0")

    assert done.code == 0, done.output
    assert "TestTotal" in done.output
    assert "cart_test.go:12" in done.output
    assert ANALYSIS_ID in done.output
    upload = recorder.only_upload()
    assert (upload.path, upload.authorization) == ("/api/ingest/log", "Bearer exl_0123456789")
    assert (upload.body["project"], upload.body["status"], upload.body["log"]) == ("shop/$(id)", "failed", LOG)
    assert upload.body["provider"] in ("Our CI", "our_ci")


def test_log_from_standard_input_without_a_server(images: Images) -> None:
    """With no settings at all, the log comes from standard input and the root cause is printed."""
    done = run(images, stdin=LOG)

    assert done.code == 0, done.output
    assert "TestTotal" in done.output


def test_a_log_that_is_not_there_breaks_nothing(images: Images) -> None:
    """A wrong path is one line, and exit code 0; with EXLOGARE_STRICT it is exit code 3."""
    lenient = run(images, "--env=EXLOGARE_LOG_PATH=none.log")
    strict = run(images, "--env=EXLOGARE_LOG_PATH=none.log", "--env=EXLOGARE_STRICT=1")

    assert (lenient.code, strict.code) == (0, 3)
    assert "none.log" in lenient.output


def test_image_wraps_a_build(images: Images, tmp_path: Path) -> None:
    """The image can also run a build that it has the tools for, and ends as the build does."""
    shutil.copytree(ROOT / "examples" / "failing-build", tmp_path / "build")
    tmp_path.chmod(0o755)  # it is read by another user
    command = ("run", "--", "python3", "-B", "-m", "unittest", "discover")

    done = run(images, f"--volume={tmp_path / 'build'}:/work:ro", arguments=command)

    assert done.code == 1, done.output
    assert "test_discount_holds_for_every_piece" in done.output.split("Root cause:")[1]


def test_without_a_token_the_image_says_so(images: Images) -> None:
    """With a server and no token nothing is sent, which is one line: the image has no keychain to look into."""
    done = run(images, "--env=EXLOGARE_URL=https://exlogare.example.com", stdin=LOG)

    assert done.code == 0, done.output
    assert "TestTotal" in done.output
    [line] = [line for line in done.output.splitlines() if line.startswith("exl:")]
    assert "EXLOGARE_TOKEN" in line


def test_pages_command(images: Images, recorder: Recorder, tmp_path: Path) -> None:
    """The page's command, in a shell, explains and sends the log."""
    (tmp_path / "build.log").write_text(LOG, encoding="utf-8")
    tmp_path.chmod(0o755)  # it is read by another user
    script = example("generic/container.sh", {" exlogare-ci\n": f" {images.of('generic')}\n"})
    env = {"EXLOGARE_URL": recorder.url, "EXLOGARE_TOKEN": "exl_0123456789"}

    done = images.engine.call(["sh", "-ec", f"cd {tmp_path}\n{script}"], env=env)

    assert done.code == 0, done.output
    assert (recorder.only_upload().body["provider"], recorder.only_upload().body["log"]) == ("my-ci", LOG)
