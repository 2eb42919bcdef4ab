"""Files that tests need from a public registry: pinned by checksum, kept in the user's cache."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

import platformdirs
import pytest
import requests

TIMEOUT_S: Final = 60
_CACHE: Final = Path(platformdirs.user_cache_dir("exlogare-ci-tests"))
PATTERNS: Final = _CACHE / "patterns"
"""For EXLOGARE_CACHE_DIR of an exl in a home of its own: compiling the patterns anew takes seconds."""


def fetched(url: str, sha256: str) -> Path:
    """Give a file of a registry, from the cache when it is there.

    Args:
        url: where it is.
        sha256: its checksum, in hexadecimal.

    Returns:
        Its path.

    Raises:
        Skipped: it cannot be had; with ``CI=true`` that is a failure, like every want of a test.
        AssertionError: what came is another file.
    """
    target = _CACHE / sha256 / url.rsplit("/", 1)[1]
    if target.is_file():
        return target
    try:
        answer = requests.get(url, timeout=TIMEOUT_S)
        answer.raise_for_status()
    except requests.RequestException as error:
        reason = f"{url} cannot be had: {error}"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"with CI=true a test may not be skipped; {reason}", pytrace=False)
        pytest.skip(reason)
    found = hashlib.sha256(answer.content).hexdigest()
    assert found == sha256, f"{url} is not the file that the tests were written with: {found}"
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(answer.content)
    Path(part.name).replace(target)  # never seen by half, by whatever runs at the same time
    return target
