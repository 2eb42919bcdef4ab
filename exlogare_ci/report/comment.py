"""A comment on a pull or merge request: its text, and the rule that there is one for each job, updated in place."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from exlogare_ci.report.effects import Answer, ReportError
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.markdown import render_headline, render_markdown
from exlogare_ci.report.neutralise import neutralise_inline
from exlogare_ci.report.place import Place
from exlogare_ci.report.sentences import first_that_fits

OWN_MAX: Final = 5
"""How many comments with our marker are tried: somebody else may have copied it into theirs, which we may not edit."""
PAGES_MAX: Final = 10
"""Of 100 comments each."""

# What a log says must notify nobody and link no issue elsewhere. Inside code nothing does.
_REFERENCE: Final = re.compile(
    r"([@#!]|\bGH-|/(?:issues|pull|discussions|merge_requests|work_items)/)(?=[\w\[])", re.IGNORECASE
)
_BREAK: Final = "\u2060"
_QUICK_ACTION: Final = re.compile(r"^(\s*)/", re.MULTILINE)
_CODE: Final = re.compile(r"(^(`{3,})text\n.*?\n\2$)", re.DOTALL | re.MULTILINE)


def marker(place: Place) -> str:
    """Give the line, invisible on the page, by which the job's comment is found again."""
    return f"<!-- exlogare:{place.job_key()} -->"


def body(findings: Sequence[Finding], place: Place, bytes_max: int) -> str:
    """Write the comment.

    Nobody is notified by a name in a log, no issue is linked, and no line is a quick action
    (https://docs.gitlab.com/user/project/quick_actions/).

    Args:
        findings: at least one.
        place: the job; its page is linked.
        bytes_max: how large it may be.

    Returns:
        Markdown that starts with the marker; shorter where there is no room for all of it.
    """
    mark = marker(place)
    job = neutralise_inline(place.context.job_name or "")
    link = place.context.job_url or place.context.build_url
    foot = [_plain(f"Job: {job}") if job else "", f"<{link}>" if link and re.fullmatch(r"[!-;=?-~]+", link) else ""]
    parts = (
        "\n".join(map(render_markdown, findings)),
        "".join(map(render_headline, findings)),
        render_headline(findings[0]),
    )
    tail = " ".join(part for part in foot if part)
    texts = tuple(f"{mark}\n{_safe(part)}" + (f"\n{tail}\n" if tail else "") for part in parts)
    return first_that_fits(texts, bytes_max) or f"{mark}\n"


def first_of_two(written: Answer, find: Callable[[], Sequence[int]]) -> tuple[int, int] | None:
    """Tell whether another run of the job wrote its comment at the same moment as we wrote ours.

    Both runs look again after they have written, and both then see which comment was there first: it stays.

    Args:
        written: the service's answer to our comment.
        find: gives the ids of the comments with our marker, the oldest first.

    Returns:
        The comment that stays and ours, which has to go; ``None`` when ours is the only or the first one.
    """
    try:
        number: Any = msgspec.json.decode(written.body, type=dict[str, Any]).get("id")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    try:
        own = find()
    except ReportError:
        return None  # ours is written; that it cannot be looked at now is no news
    return (own[0], number) if number in own and own[0] != number else None


def _plain(text: str) -> str:
    return _safe(re.sub(r"([\\`*_\[\]<>|~&])", r"\\\1", " ".join(text.split())).replace("\\<", "&lt;"))


def _safe(text: str) -> str:
    """Break references and quick actions outside of code."""
    pieces = []
    end = 0
    for code in _CODE.finditer(text):
        pieces += [_broken(text[end : code.start()]), code[1]]
        end = code.end()
    return "".join((*pieces, _broken(text[end:])))


def _broken(text: str) -> str:
    return _QUICK_ACTION.sub(rf"\1{_BREAK}/", _REFERENCE.sub(rf"\1{_BREAK}", text))


def may_take_token(url: str) -> bool:
    """Tell whether a token may be sent to an address: encrypted, or to this machine."""
    return url.startswith(("https://", "http://localhost:", "http://127.0.0.1:"))
