"""What the model is shown of a log."""

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.model import Analysis, EvidenceLine
from exlogare_ci.assist.lines import LAST_LINES_MAX, LINE_CHARS_MAX, given_lines

TOKEN = b"ghp_" + b"a1B2" * 9


def about(*lines: int) -> Analysis:
    """An analysis whose evidence stands in these lines."""
    return Analysis(
        failed=True, root_cause="x", explanation="x", fix_suggestion="x",
        evidence=tuple(EvidenceLine(line, "as the engine showed it") for line in lines),
    )  # fmt: skip


def test_evidence_and_the_last_lines() -> None:
    """Each line once, in order, with its number; empty lines are left out of the last ones."""
    log = b"first\nsecond\n" + b"".join(b"line %d\n\n" % number for number in range(3, 103)) + b"last"

    shown = given_lines(log, about(2, 203))

    assert shown[0] == EvidenceLine(2, "second")
    assert shown[-1] == EvidenceLine(203, "last")
    assert len(shown) == 1 + LAST_LINES_MAX
    assert shown[1] == EvidenceLine(203 - 2 * (LAST_LINES_MAX - 1), "line 64")


def test_the_last_lines_are_those_of_the_step_that_failed() -> None:
    """What ran after it, such as an after-script, is not shown."""
    log = (
        b"travis_fold:start:install\r$ make deps\nready\ntravis_fold:end:install\r\n"
        b"$ ./gate site\npage about.html: level skipped\n"
        b'The command "./gate site" exited with 1.\n'
        b"$ ./report --upload\nuploading the report\nDone. Your build exited with 1.\n"
    )

    texts = [line.text for line in given_lines(log, about())]

    assert "page about.html: level skipped" in texts
    assert "uploading the report" not in texts


def test_a_long_line_is_cut() -> None:
    """A line of megabytes is shown as far as an analysis would show it."""
    (line,) = given_lines(b"x" * 1_000_000, about())

    assert line == EvidenceLine(1, "x" * LINE_CHARS_MAX)


def test_secrets_are_masked_after_colours_are_gone() -> None:
    """A colour code in the middle of a token hides it from nobody."""
    log = b"using \x1b[31m" + TOKEN[:10] + b"\x1b[0m" + TOKEN[10:] + b" now\n"

    assert [line.text for line in given_lines(log, about())] == ["using [masked:github] now"]


def test_a_key_that_began_before_the_lines_is_masked() -> None:
    """The lines of a private key are known by its first line, which is far above."""
    body = b"MIIEowIBAAKCAQEAq7WmZ3xKd9RtB5vLhN2cYp8JfS4gTa6Eq7WmZ3xKd9RtB5vL"
    log = b"-----BEGIN RSA PRIVATE KEY-----\n" + (body + b"\n") * 60 + b"it failed\n"

    texts = [line.text for line in given_lines(log, about())]

    assert set(texts) == {"[masked:private_key]", "it failed"}


def test_the_callers_own_secrets() -> None:
    """A caller that knows more secrets masks them in the cleaned text."""
    (line,) = given_lines(b"a hun\x1b[1mter2 b", about(), without_secrets=lambda data: data.replace(b"hunter2", b"***"))

    assert line.text == "a *** b"


def test_line_numbers_are_those_of_the_engine() -> None:
    """What the engine calls line 3 is line 3 here."""
    log = b"one\r\ntwo\x1b[0m\nsrc/app.c:3:5: error: expected expression\nmake: *** [app.o] Error 1\n"
    analysis = analyze(log)

    shown = {line.line: line.text for line in given_lines(log, analysis)}

    assert shown == {1: "one", 2: "two", 3: "src/app.c:3:5: error: expected expression", 4: "make: *** [app.o] Error 1"}
    assert {item.line: item.text for item in analysis.evidence}.items() <= shown.items()


def test_any_bytes() -> None:
    """Nothing, NULs, half a UTF-16 character: lines or none, never an exception."""
    for log in (b"", b"\n\n", b"\0" * 50, b"\xff\xfe\x00", b"\xff" * 50, bytes(range(256)) * 4):
        shown = given_lines(log, about(1, 99))

        assert all(line.line >= 1 and len(line.text) <= LINE_CHARS_MAX for line in shown)
