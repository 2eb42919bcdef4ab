"""Reading the model's answer: everything in it is doubted until it is checked."""

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from exlogare_ci.analysis.masking import mask_text
from exlogare_ci.analysis.model import CATEGORIES, Analysis, EvidenceLine
from exlogare_ci.assist.request import CITATIONS_MAX, QUOTE_CHARS_MIN, line_id

REPLY_BYTES_MAX = 256 * 1024
"""The longest answer of the contract, every character escaped in JSON twice, is about 170 KiB."""
ROOT_CAUSE_CHARS_MAX = 2_000
EXPLANATION_CHARS_MAX = 8_000
FIX_CHARS_MAX = 4_000
"""The contract's limits of these fields; of the explanation the remark on who wrote it is taken off."""

_FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n```", re.DOTALL)
_ADDRESS = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,15}://|www\.)[^\s\"'`<>)\]]*", re.IGNORECASE)
_PIPED_TO_SHELL = re.compile(r"\|\s*(?:sudo\s+)?(?:\S*/)?(?:ba|da|z|k|fi)?sh\b")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


class DoubtError(Exception):
    """The answer cannot be used; the message ends the sentence "the model's answer was not used: "."""


class Words(msgspec.Struct, frozen=True):
    """The words of an answer that passed every check.

    Attributes:
        root_cause: one sentence.
        explanation: without the remark on who wrote it.
        fix_suggestion: what to do.
        cited_lines: 1-based numbers of the lines that it quotes, ascending.
    """

    root_cause: str
    explanation: str
    fix_suggestion: str
    cited_lines: tuple[int, ...]


class _Citation(msgspec.Struct, forbid_unknown_fields=True):
    line: str
    quote: str


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    root_cause: str
    explanation: str
    fix_suggestion: str
    category: str
    citations: list[_Citation]


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message


class _Completion(msgspec.Struct):
    choices: list[_Choice]


def content_of(body: bytes) -> str:
    """Take the model's text out of a chat completion.

    Raises:
        DoubtError: the body is none, is too long, or has no text in it.
    """
    if len(body) > REPLY_BYTES_MAX:
        raise DoubtError(f"it is longer than {REPLY_BYTES_MAX} bytes")
    try:
        completion = msgspec.json.decode(body, type=_Completion)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DoubtError("what came back is no chat completion") from error
    content = completion.choices[0].message.content if completion.choices else None
    if not content:
        raise DoubtError("it is empty")
    return content


def read_answer(
    content: str,
    analysis: Analysis,
    lines: Sequence[EvidenceLine],
    *,
    explanation_chars_max: int = EXPLANATION_CHARS_MAX,
    secrets: Sequence[str] = (),
) -> Words:
    """Check an answer.

    Args:
        content: the model's text.
        analysis: what the engine found.
        lines: what the model was shown.
        explanation_chars_max: how long the explanation may be.
        secrets: values that must not be in it, e.g. the endpoint's key.

    Returns:
        Its words.

    Raises:
        DoubtError: it is not of the form that was asked for, quotes what is not there, contradicts the engine, is too
            long, or holds something that nobody should read or follow.
    """
    text = content.strip()
    fenced = _FENCED.fullmatch(text)
    try:
        answer = msgspec.json.decode(fenced[1] if fenced else text, type=_Answer)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
        raise DoubtError("it is not JSON of the form that was asked for") from error
    if answer.category not in CATEGORIES:
        raise DoubtError("its category is none")
    if analysis.category not in ("unknown", answer.category):
        raise DoubtError(f"it speaks of {answer.category}, the engine of {analysis.category}")
    cited = _cited_lines(answer.citations, lines)
    words = Words(answer.root_cause.strip(), answer.explanation.strip(), answer.fix_suggestion.strip(), cited)
    _check_text("root cause", words.root_cause, ROOT_CAUSE_CHARS_MAX, lines, secrets)
    _check_text("explanation", words.explanation, explanation_chars_max, lines, secrets)
    _check_text("fix", words.fix_suggestion, FIX_CHARS_MAX, lines, secrets)
    if "\n" in words.root_cause:
        raise DoubtError("its root cause has more than one line")
    # A fix is what a person follows, and log text may have asked for this one.
    if _ADDRESS.search(words.fix_suggestion) or _PIPED_TO_SHELL.search(words.fix_suggestion):
        raise DoubtError("its fix leads to a web address or into a shell")
    return words


def _cited_lines(citations: Sequence[_Citation], lines: Sequence[EvidenceLine]) -> tuple[int, ...]:
    shown = {line_id(line): line for line in lines}
    if not 1 <= len(citations) <= CITATIONS_MAX:
        raise DoubtError(f"it has {len(citations)} quotes, not 1 to {CITATIONS_MAX}")
    for citation in citations:
        line = shown.get(citation.line)
        if line is None:
            raise DoubtError("it cites a line that it was not shown")
        long_enough = len(citation.quote.strip()) >= QUOTE_CHARS_MIN or citation.quote.strip() == line.text.strip()
        if not citation.quote.strip() or not long_enough or citation.quote not in line.text:
            raise DoubtError(f"its quote is not in line {line.line}")
    return tuple(sorted({shown[citation.line].line for citation in citations}))


def _check_text(name: str, text: str, chars_max: int, lines: Sequence[EvidenceLine], secrets: Sequence[str]) -> None:
    if not 1 <= len(text) <= chars_max:
        raise DoubtError(f"its {name} has {len(text)} characters, not 1 to {chars_max}")
    if any(unicodedata.category(character) in _INVISIBLE for character in text if character not in "\n\t"):
        raise DoubtError(f"its {name} holds characters that cannot be seen")
    if mask_text(text, secrets) != text:
        raise DoubtError(f"its {name} seems to hold a secret")
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?")
        if not any(address in line.text for line in lines):
            raise DoubtError(f"its {name} holds a web address that is not in the log")
