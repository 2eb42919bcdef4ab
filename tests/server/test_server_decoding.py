"""From a body's bytes to a checked struct."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, FieldError, FieldsError, TooLargeError
from exlogare_server.ingest import decoding
from exlogare_server.ingest.bodies import CircleCiBody, JenkinsBody, LogBody
from exlogare_server.ingest.routing import ENDPOINTS

JENKINS = {"job": "app", "build_number": 7, "status": "FAILURE", "log": "boom\n"}


def encode(**changes: object) -> bytes:
    """A Jenkins body with changes; a field that is set to ``...`` is left out."""
    body = {**JENKINS, **changes}
    return json.dumps({name: value for name, value in body.items() if value is not ...}).encode()


def test_body_becomes_struct_and_log() -> None:
    """The struct holds every field but the log, which comes beside it as bytes."""
    body, log = decoding.decode(encode(project="p", log="ä\x1b[31m\n"), JenkinsBody)

    assert body == JenkinsBody(job="app", build_number=7, status="FAILURE", log="", project="p")
    assert log == "ä\x1b[31m\n".encode()


@pytest.mark.parametrize("value", [None, "", ...], ids=["null", "empty", "left-out"])
def test_optional_field_may_be_absent(value: object) -> None:
    """Null, an empty string and no field at all mean the same."""
    body, _ = decoding.decode(encode(project=value, build_url=value), JenkinsBody)

    assert (body.project, body.build_url) == (None, None)


def test_fields_of_others_are_left_aside() -> None:
    """A field that is not known costs nothing, whatever is in it."""
    body, _ = decoding.decode(encode(extra={"a": [1, {"b": None}]}), JenkinsBody)

    assert body.job == "app"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"job": ...}, ("job", "The field is required.", "missing"), id="missing"),
        pytest.param({"job": None}, ("job", "Expected str, got null", "string_type"), id="null"),
        pytest.param({"job": ""}, ("job", "Expected str of length >= 1", "string_too_short"), id="empty"),
        pytest.param({"job": "x" * 513}, ("job", "Expected str of length <= 512", "string_too_long"), id="long"),
        pytest.param({"job": 3}, ("job", "Expected str, got int", "string_type"), id="no-string"),
        pytest.param({"job": "a\0b"}, ("job", "The field must not contain the character U+0000.", "value_error"),
                     id="nul"),
        pytest.param({"job": "x" * 40_000}, ("job", "The field is too long.", "string_too_long"), id="far-too-long"),
        pytest.param({"build_number": "7"}, ("build_number", "Expected int, got str", "int_type"), id="no-int"),
        pytest.param({"build_number": 7.5}, ("build_number", "Expected int, got float", "int_type"), id="float"),
        pytest.param({"build_number": True}, ("build_number", "Expected int, got bool", "int_type"), id="bool"),
        pytest.param({"build_number": -1}, ("build_number", "Expected int >= 0", "greater_than_equal"), id="less"),
        pytest.param({"build_number": 2**63},
                     ("build_number", "Expected int <= 9223372036854775807", "less_than_equal"), id="more"),
        pytest.param({"log": ""}, ("log", "Expected str of length >= 1", "string_too_short"), id="empty-log"),
        pytest.param({"log": None}, ("log", "Expected str, got null", "string_type"), id="null-log"),
        pytest.param({"log": ["a"]}, ("log", "Expected str, got array", "string_type"), id="log-list"),
        pytest.param({"build_url": "ftp://a/b"}, ("build_url", "Expected an http or https URL.", "url_type"), id="url"),
        pytest.param({"build_url": "https://a/" + "b" * 2048},
                     ("build_url", "Expected str of length <= 2048", "string_too_long"), id="long-url"),
    ],
)  # fmt: skip
def test_field_that_does_not_fit_is_told(changes: dict[str, object], error: tuple[str, str, str]) -> None:
    """Each kind of misfit has its place, a sentence without the value, and a word for programs."""
    with pytest.raises(FieldsError) as caught:
        decoding.decode(encode(**changes), JenkinsBody)

    name, message, kind = error
    assert caught.value.errors == (FieldError(("body", name), message, kind),)


def test_all_misfits_are_told_at_once() -> None:
    """Somebody who writes a client need not find the errors one by one."""
    with pytest.raises(FieldsError) as caught:
        decoding.decode(b"{}", CircleCiBody)

    assert [error.loc[-1] for error in caught.value.errors] == [
        "project_slug", "workflow_id", "job_name", "job_number", "status", "log",
    ]  # fmt: skip


@pytest.mark.parametrize("body", [b"[]", b"3", b'"x"', b"null", b"true"])
def test_other_json_is_no_body(body: bytes) -> None:
    """JSON that is no object is told as a body that does not fit."""
    with pytest.raises(FieldsError) as caught:
        decoding.decode(body, LogBody)

    assert caught.value.errors == (FieldError(("body",), "The body must be a JSON object.", "object_type"),)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut"),
        pytest.param(encode() + b"x", id="more-behind"),
        pytest.param(b'{"job": nul}', id="word"),
        pytest.param(b'{"job": "\\q"}', id="escape"),
        pytest.param(b'{"job": "\x01"}', id="control-character"),
        pytest.param(b'{"job": "\\ud800"}', id="half-a-surrogate-pair"),
        pytest.param(b'{"job": "\xff"}', id="no-utf8-in-a-field"),
        pytest.param(encode(log="LOG").replace(b"LOG", b"\xff"), id="no-utf8-in-the-log"),
        pytest.param(b'{"job": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", id="deep"),
        pytest.param("{}".encode("utf-16"), id="utf-16"),
        pytest.param(b"\xef\xbb\xbf" + encode(), id="byte-order-mark"),
    ],
)
def test_text_that_is_no_json_is_refused(body: bytes) -> None:
    """Whatever is wrong with the text, the answer is the same sentence and quotes nothing."""
    with pytest.raises(BadRequestError, match=r"^The body is not valid JSON in UTF-8\.$"):
        decoding.decode(body, JenkinsBody)


@pytest.mark.parametrize("character", ["x", "é", "\x1b", "\n", '"', "漢", "😀"], ids=ascii)
def test_log_limit_counts_bytes_of_utf8(character: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A log of exactly the limit passes and one byte more does not, however JSON wrote it."""
    monkeypatch.setattr(limits, "LOG_BYTES_MAX", 1200)
    monkeypatch.setattr(limits, "DECODE_PIECE_BYTES", 100)
    log = character * (1200 // len(character.encode()))

    for ascii_only in (True, False):
        fits = json.dumps({**JENKINS, "log": log}, ensure_ascii=ascii_only).encode()
        over = json.dumps({**JENKINS, "log": log + "x"}, ensure_ascii=ascii_only).encode()
        assert decoding.decode(fits, JenkinsBody)[1] == log.encode()
        with pytest.raises(TooLargeError):
            decoding.decode(over, JenkinsBody)


@given(log=st.text(min_size=1, max_size=400), ascii_only=st.booleans(), piece_bytes=st.integers(13, 60))
def test_log_is_the_same_in_pieces(*, log: str, ascii_only: bool, piece_bytes: int) -> None:
    """Wherever the JSON text is cut, no escape and no character is cut through."""
    text = memoryview(json.dumps(log.encode("utf-8", "replace").decode(), ensure_ascii=ascii_only).encode())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "DECODE_PIECE_BYTES", piece_bytes)
        assert decoding.log_bytes(text) == log.encode("utf-8", "replace")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://ci.example.org/job/1?x=y#z", True),
        ("HTTP://ci.example.org", True),
        ("http://127.0.0.1:8080/", True),
        ("http://[::1]/", True),
        ("http://", False),
        ("https:///path", False),
        ("http://[::1", False),
        ("ftp://ci.example.org", False),
        ("javascript:alert(1)", False),
        ("//ci.example.org", False),
        ("https://ci.example.org/a b", False),
        ("https://ci.example.org/\n", False),
    ],
)
def test_url_must_be_of_the_web(url: str, good: bool) -> None:
    """Only http and https URLs with a host, without blanks, are links that a page may show."""
    assert good == decoding.is_web_url(url)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_struct_describes_itself(endpoint: object) -> None:
    """Each body has a JSON schema that names what it needs: the document for others comes from the same struct."""
    schema = msgspec.json.schema(endpoint.body_type)  # type: ignore[attr-defined]

    (definition,) = schema["$defs"].values()
    assert {"status", "log"} <= set(definition["required"]) < set(definition["properties"])
