"""What is fuzzed, what must hold for any bytes, and the inputs that a fuzzer starts from."""

import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.blocks import RULES as BLOCK_RULES
from exlogare_ci.analysis.custom_signatures import SignatureError, parse
from exlogare_ci.analysis.model import CATEGORIES
from exlogare_ci.analysis.signatures import SIGNATURES
from exlogare_ci.analysis.text import clean

LINES_MAX: Final = 20
TEXT_CHARS_MAX: Final = 500
UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

EXAMPLE: Final = rb"""signatures:
  - id: acme.locked
    tool: acme
    pattern: '^lock held by '
    category: deploy.cloud
    role: root
    title: 'Held by {symbol}'
    extract: 'by (?P<symbol>\w+)'
    matches: ['lock held by alice']
    non_matches: ['lock released']
    weight: 1.5
    transient: true
"""
YAML_FORMS: Final = (
    b"signatures: !!binary YQ==", b"a: !!set {b}", b"? [a]\n: b", b"signatures: &a [*a]", b"- 0b1_0\n- 0x1F\n- 1:30\n",
    b"!!omap [a: 1]", b"<<: {a: 1}", b"2026-03-01T12:00:00Z", b"a: |\n  b\nc: >-\n  d\n", b"--- !!str 'x''y'\n...\n",
)  # fmt: skip
MARKS: Final = (
    b"##[group]Run make\n##[endgroup]\n##[error]Process completed with exit code 1.\n",
    b"section_start:1700000000:step_script\r\x1b[0Ksection_end:1700000001:step_script\r\x1b[0K\n",
    b"ERROR: Job failed: exit code 1\n",
    b"Job succeeded\n",
    b"travis_fold:start:a\r$ make\ntravis_fold:end:a\r\n",
    b'The command "make" exited with 2.\nDone. Your build exited with 1.\n',
    b"[Pipeline] sh\n+ make\n[Pipeline] }\nERROR: script returned exit code 2\nFinished: FAILURE\n",
    b"##[section]Starting: build\n##[section]Finishing: build\n",
    b"2026-03-01T12:00:00.0000000Z a\n2026-03-01T12:00:01.0000000Z b\n",
    b"\xff\xfea\x00\n\x00",
    b"a\x08b\rc\r\n\x1b[31mred\x1b[0m\x00",
    b"-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n",
)


def check_analyze(data: bytes) -> None:
    """``analyze`` never raises, and what it gives keeps its promises."""
    analysis = analyze(data)

    text = clean(data)
    lines = len(text.lines)
    assert analysis.category in CATEGORIES
    assert 0 <= analysis.confidence <= 1
    assert 1 <= len(analysis.root_cause) <= 2000
    assert 1 <= len(analysis.explanation) <= 8000
    assert 1 <= len(analysis.fix_suggestion) <= 4000
    assert analysis.cause_line is None or 1 <= analysis.cause_line <= lines
    assert all(1 <= start <= end <= lines for start, end in analysis.spans)
    assert len(analysis.evidence) <= LINES_MAX
    assert all(1 <= item.line <= lines and len(item.text) <= TEXT_CHARS_MAX for item in analysis.evidence)
    assert all(other.category in CATEGORIES for other in analysis.secondary)
    assert analysis.failed == bool(analysis.fingerprint)
    msgspec.json.encode(analysis)


def check_clean(data: bytes) -> None:
    """``clean`` never raises and keeps the number of lines, so that line numbers stay true."""
    text = clean(data)

    assert b"\n".join(text.lines) == text.data
    assert text.lines_at([len(text.data)]) == {len(text.data): len(text.lines) - 1}
    assert all(0 <= line < len(text.lines) for line, _ in text.markers)
    assert all(line >= 0 for line in text.red)
    if data[:2] not in UTF_16_MARKS and b"\0" not in data:
        assert len(text.lines) == data.count(b"\n") + 1


def check_parse(data: bytes) -> None:
    """``parse`` gives signatures that can be used, or a sentence."""
    try:
        signatures = parse(data.decode("utf-8", "replace"), source="fuzz.yml")
    except SignatureError as error:
        assert str(error).startswith("fuzz.yml")  # noqa: PT017 - what else is raised fails the run
        return
    except Exception as error:
        # PyYAML hands on whatever building a value raised; exlogare_ci.config_file makes a sentence of it.
        if Path(traceback.extract_tb(error.__traceback__)[-1].filename).parent.name == "yaml":
            return
        raise
    assert all(signature.matches and signature.pattern for signature in signatures)


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    "analyze": check_analyze,
    "clean": check_clean,
    "parse": check_parse,
}
"""Each target raises when something that must hold does not."""


def seeds(target: str) -> Iterator[bytes]:
    """What a fuzzer of a target starts from: lines that the patterns know, and the marks of CI services."""
    if target == "parse":
        yield EXAMPLE
        yield from YAML_FORMS
        return
    yield from MARKS
    yield from (sample.encode() for signature in SIGNATURES for sample in signature.matches)
    yield from (rule.sample.encode() for rule in BLOCK_RULES)
