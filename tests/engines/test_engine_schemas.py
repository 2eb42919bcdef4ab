"""The packages' files and examples keep to the schemas that the CI services publish, as check-jsonschema has them."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.integrations.snippets import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (Path(sys.executable).parent / "check-jsonschema").exists(), reason="pip install check-jsonschema"
    ),
]

FILES: Final = {
    "azure-pipelines": ["integrations/azure/*.yml", "examples/azure/*.yml"],
    "bitbucket-pipelines": ["examples/bitbucket/*.yml"],
    "buildkite": ["examples/buildkite/*.yml"],
    "drone-ci": ["examples/drone/drone.yml", "examples/drone/log-file.yml"],
    "github-actions": ["integrations/gitea/action.yml", "integrations/github-action/action.yml"],
    "github-workflows": ["examples/gitea/*.yml", "examples/github-actions/*.yml"],
    "gitlab-ci": ["examples/gitlab/*.yml"],
    "woodpecker-ci": ["examples/drone/woodpecker.yml"],
}
"""Schema to patterns of files."""


@pytest.mark.parametrize("schema", FILES)
def test_files_keep_to_the_schema(schema: str) -> None:
    """A CI service reads these files."""
    files = [str(path) for pattern in FILES[schema] for path in sorted(ROOT.glob(pattern))]
    assert len(files) >= len(FILES[schema])

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


def test_an_unsound_file_does_not(tmp_path: Path) -> None:
    """The schemas can refuse."""
    (tmp_path / "a.yml").write_text("steps: {wrong: [1]}\n", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.azure-pipelines",
         str(tmp_path / "a.yml")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip

    assert done.returncode == 1
