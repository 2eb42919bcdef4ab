"""The package as a library: the page's examples are run, with ``responses`` in the server's place."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import responses

import exlogare_ci

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "library.md"
EXAMPLES: Final = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
@responses.activate
def test_examples_of_the_page_hold(example: str) -> None:
    """Every block runs by itself."""
    answer = {"status": "accepted", "analysis_id": "3fa85f64-5717-4562-b3fc-2c963f66afa6"}
    responses.post("https://exlogare.example.org/api/ingest/log", json=answer, status=202)

    exec(compile(example, "library.md", "exec"), {"__name__": "example"})  # noqa: S102 - this project's own page

    assert len(responses.calls) == ("EXLOGARE_URL" in example or "upload(" in example)
    assert all(call.request.headers["Authorization"] == "Bearer exl_made-up" for call in responses.calls)


def test_public_names_are_there() -> None:
    """And no other is made up."""
    values: dict[str, Any] = {name: getattr(exlogare_ci, name) for name in exlogare_ci.__all__}

    assert values.keys() == set(exlogare_ci.__all__)
    assert (Path(exlogare_ci.__file__).parent / "py.typed").exists()
    with pytest.raises(AttributeError, match="has no attribute 'detekt'"):
        _ = exlogare_ci.detekt
