"""What every page must be, whatever is on it: whole, inert, and understood without looking at it."""

import html.parser
import re

_VOID = {"br", "hr", "img", "input", "link", "meta"}
# SVG's own, written with an end in one tag.
_EMPTY = {"path", "rect"}


class Checker(html.parser.HTMLParser):
    """Collects the faults of a page.

    Args:
        text: of the page.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self._wanted: list[str] = []
        self._open: list[str] = []
        self.loaded: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.faults += [f"<{tag}> is never closed" for tag in self._open]
        self.faults += [f"id {name!r} is there twice" for name in set(self.ids) if self.ids.count(name) > 1]
        self.faults += [f"nothing has the id {name!r}" for name in self._wanted if name not in self.ids]
        if self.headings.count(1) != 1:
            self.faults.append(f"{self.headings.count(1)} headings of the first level")
        if not text.startswith("<!doctype html>"):
            self.faults.append("no doctype")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Check a tag."""
        names = [name for name, _ in attrs]
        given = {name: value or "" for name, value in attrs}
        self.faults += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        self.faults += [f"<{tag}> has {name} twice" for name in set(names) if names.count(name) > 1]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.faults.append(f"<{tag}> stands in the page")
        for name in ("src", "href", "action", "data"):
            value = given.get(name, "")
            if re.match(r"\s*(?:javascript|data|vbscript):", value, re.IGNORECASE):
                self.faults.append(f"<{tag} {name}={value!r}>")
        if tag in ("script", "link", "img", "iframe", "object", "embed", "video", "audio"):
            self.loaded.append(given.get("src") or given.get("href") or "")
        if "id" in given:
            self.ids.append(given["id"])
        for name in ("for", "aria-labelledby", "aria-describedby", "list"):
            self._wanted += given.get(name, "").split()
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID | _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes the last one."""
        if tag in _EMPTY:
            return
        if not self._open or self._open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self._open[-1:] or 'nothing'}")
        else:
            self._open.pop()


def faults_of(text: str) -> list[str]:
    """List what is wrong with a page; nothing, for one that is fine."""
    checker = Checker(text)
    strange = [address for address in checker.loaded if not re.fullmatch(r"/static/[a-z.]+\?v=[0-9a-f]{16}", address)]
    if sum(".css" in address for address in checker.loaded) != 1 or sum(".js" in a for a in checker.loaded) != 1:
        strange.append("not one style and one script")
    return checker.faults + strange
