"""Names of failing tests: one form for each tool, each test once, all of them from a block or a summary."""

from collections.abc import Callable, Iterable

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.testnames_go import go_names
from exlogare_ci.analysis.testnames_js import jest_names, mocha_names, tap_names, vitest_names
from exlogare_ci.analysis.testnames_jvm import (
    ant_names,
    is_class,
    junit_form,
    junit_names,
    scalatest_names,
    surefire_names,
)
from exlogare_ci.analysis.testnames_lists import (
    behave_names,
    catch2_names,
    numbered_names,
    perl_names,
    rspec_names,
    shunit2_names,
)
from exlogare_ci.analysis.testnames_python import collection_name, pytest_names
from exlogare_ci.analysis.text import CleanLog


def names_in(tool: str, named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the names of the failing tests in a block.

    Args:
        tool: who printed the block.
        named: the name that the rule itself found.
        log: the cleaned log.
        start: index of the block's first line.
        end: index of its last line, included; a list of many tests is read on to its own end.
    """
    reader = _READERS.get(tool)
    if reader is not None:
        return reader(named, log, start, end)
    return [named] if named else []


_READERS: dict[str, Callable[[str | None, CleanLog, int, int], list[str]]] = {
    "ant": ant_names,
    "behave": behave_names,
    "catch2": catch2_names,
    "go": go_names,
    "hspec": numbered_names,
    "jasmine": numbered_names,
    "jest": jest_names,
    "junit": junit_names,
    "lab": numbered_names,
    "mocha": mocha_names,
    "perl": perl_names,
    "phpunit": numbered_names,
    "pytest": pytest_names,
    "rspec": rspec_names,
    "shunit2": shunit2_names,
    "scalatest": scalatest_names,
    "surefire": surefire_names,
    "tap": tap_names,
    "vitest": vitest_names,
}
"""Tools whose blocks name several tests, or one over several lines."""


MODULE_LINES = frozenset({"pytest.collecting", "pytest.short_summary_module"})
"""Signatures whose ``file`` is a test module that could not be imported, and counts as a failing test."""


def name_in_line(signature_id: str, tool: str, groups: dict[str, str]) -> str | None:
    """Return the failing test that a single line names, such as one of a summary.

    Args:
        signature_id: whose line it is.
        tool: who printed the line.
        groups: what the line's signature extracts.
    """
    if signature_id in MODULE_LINES:
        return collection_name(groups["file"]) if "file" in groups else None
    test = groups.get("test")
    if tool == "tap" or (tool == "hspec" and test and test.startswith("/")):
        return None  # blocks know which line of TAP only sums up subtests, and hspec's titles in their own form
    if test and tool == "surefire":
        return None if is_class(test) else junit_form(test)  # the block's stack tells which of its methods failed
    return test


_LAST_WORD = late(r"(\w+)\W*$")
_CLASS_OF = late(r"\((?:[\w$]+\.)+([\w$]+)\)$")
_SHORT_CLASS = late(r"^[\w$]+\(([A-Z][\w$]*)\)$")
_CLASS = late(r"^(?:\w+\.)+([A-Z][\w$]*)$")
_PARAMETERS = late(r"[(\[].*")
_BELOW = late(r"::|/")
_BEFORE_A_NAME = late(r"[ >\u203a#/.:]\s*$")  # U+203A is what jest and Playwright put between titles


def merged(blocks: Iterable[str], lines: Iterable[str]) -> list[str]:
    """Return every test once, under the fullest name that the log has for it.

    A block often has the short name (``test_total``) and the summary the long one (``tests/test_cart.py::test_total``),
    or the other way round.

    Args:
        blocks: names that tests' own blocks have, in the order of the log.
        lines: names that summaries have, in the order of the log.
    """
    summed = _by_word(dict.fromkeys(lines))
    kept: dict[str, None] = {}
    for name in blocks:
        fuller = [line for line in summed.get(_word(name), ()) if line != name and _says(line, name)]
        kept.update(dict.fromkeys(fuller or [name]))
    told = _by_word(kept)
    classes = {found[1] for found in map(_CLASS_OF.search, kept) if found}
    hooks = " ".join(name for name in kept if '" hook' in name)
    for word, names in summed.items():
        every = [*told.get(word, ()), *names]
        fresh = (n for n in names if not any(other != n and _says(other, n) for other in every))
        kept.update(dict.fromkeys(n for n in fresh if not (n.startswith('"') and n in hooks) and not _of(classes, n)))
    parents = {name[: place.start()] for name in kept for place in _BELOW.finditer(name)}
    return [name for name in kept if name not in parents]


def _of(classes: set[str], name: str) -> bool:
    """Whether a short class's tests are known from blocks; Surefire's summary names the method that failed in them."""
    cls = _SHORT_CLASS.search(name) or _CLASS.search(name)
    return cls is not None and cls[1] in classes


def _by_word(names: Iterable[str]) -> dict[str, list[str]]:
    """Group names by their last word, which all names of one test share."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(_word(name), []).append(name)
    return groups


def _word(name: str) -> str:
    last = _LAST_WORD.search(_PARAMETERS.sub("", name)) or _LAST_WORD.search(name)
    return last[1] if last else name


def _says(full: str, short: str) -> bool:
    """Whether a name is another one with its place: ``a/test_b.py::test_x`` or ``test_x (test_b.B)`` for ``test_x``."""
    full, short = (name.rstrip(":").replace("::", ".") for name in (full, short))
    if full == short or (full.startswith(short) and full[len(short) :].startswith((" (", "(", "["))):
        return True
    if full.startswith(short) and short.count("(") > short.count(")"):
        return True  # cut off inside its parameters
    if full.endswith(short):
        return bool(_BEFORE_A_NAME.search(full[: -len(short)]))
    method, bracket, cls = short.partition("(")
    return bool(bracket) and full.startswith(method + "(") and full.endswith("." + cls)  # t(CartTest), t(demo.CartTest)
