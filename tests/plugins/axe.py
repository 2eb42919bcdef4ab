"""axe-core, which finds what people with a reader of screens, or with weak eyes, would stumble over."""

import json
import tarfile
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from playwright.sync_api import Page

from tests.plugins.downloads import fetched

# https://www.npmjs.com/package/axe-core; MPL-2.0, used in tests only and never shipped.
_URL: Final = "https://registry.npmjs.org/axe-core/-/axe-core-4.14.1.tgz"
_SHA256: Final = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"


@cache
def script() -> str:
    """Give axe's source; fetched once, then from the cache."""
    with tarfile.open(fetched(_URL, _SHA256)) as package:
        member = package.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode()


# What alone can change when a page goes from light to dark.
COLOUR_RULES: Final = ("color-contrast", "link-in-text-block")


def violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """List what is wrong with a page as it is now, a line each.

    Args:
        page: to be looked at.
        rules: of axe; all of them by default.

    The page's own policy lets no foreign script in, so axe runs outside it, as developer tools do.
    """
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    client = page.context.new_cdp_session(page)
    if not page.evaluate("'axe' in window"):
        client.send("Runtime.evaluate", {"expression": script(), "returnByValue": False})
    found: dict[str, Any] = client.send(
        "Runtime.evaluate",
        {"expression": f"axe.run(document, {json.dumps(options)})", "awaitPromise": True, "returnByValue": True},
    )
    assert "exceptionDetails" not in found, found
    client.detach()
    return [
        f"{violation['id']}: {node['html'][:160]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for violation in found["result"]["value"]["violations"]
        for node in violation["nodes"]
    ]
