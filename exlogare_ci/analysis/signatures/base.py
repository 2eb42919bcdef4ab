"""What a signature is."""

from typing import Literal

import msgspec

from exlogare_ci.analysis.model import Owner, Severity

Role = Literal["root", "block", "cascade", "summary", "wrapper", "noise", "success"]


class Signature(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    r"""A line that a tool prints, what it means and what to do about it.

    ``pattern`` is scanned for over the whole cleaned log (no colour codes, no CI time stamps, one line per line) by
    Hyperscan, case-sensitively, ``^`` and ``$`` matching at line ends: linear-time syntax only (no look-around, no
    back-reference), and it must not end in ``.*``, ``.+``, ``\S+`` or the like, because Hyperscan reports every end
    of a match; end it in a literal, in one character, or in ``$``. ``extract`` is a Python ``re`` that is searched
    in the one line that was hit (at most 4,096 bytes of it); its named groups fill ``title`` and the analysis.

    Attributes:
        id: ``tool.what`` in lower case, ``_`` inside words, unique.
        tool: the tool's name in lower case, as in ``Analysis.tool``.
        pattern: see above.
        category: one of ``CATEGORIES``; empty for roles that are never a cause (wrapper, summary, noise, success).
        role: ``root`` the cause itself; ``block`` a header whose cause is in the lines next to it; ``cascade`` a
            consequence or restatement of an earlier cause; ``summary`` a count or terminator; ``wrapper`` a runner's
            or shell's word that a command ended badly; ``noise`` looks like failure but is none; ``success`` the
            tool's word that it ended well.
        title: one sentence for ``root_cause``; may use ``{group}`` of ``extract`` and ``{text}``, the trimmed line.
        explain: what it means, one or two sentences.
        fix: what to do, concrete.
        extract: see above; empty when the line carries no parameters. Known groups: file, line, column, message,
            symbol, package, version, test, code, host, url, command, target, path, expected, actual.
        matches: at least one sample line (or several lines joined by a line feed) that must match.
        non_matches: at least one near miss that must not.
        source: where the text is known from: a URL of the tool's documentation or source, or ``ran: tool version``.
        severity: how much is broken; ``medium`` leaves it to the category, see ``exlogare_ci.analysis.severity``.
        owner: who can repair it.
        transient: a retry may help.
        weight: -3 to 3, added to the score; 0 unless there is a reason. How specific the text is: a text that no
            passing build prints is worth more.
    """

    id: str
    tool: str
    pattern: str
    category: str = ""
    role: Role = "root"
    title: str = "{text}"
    explain: str = ""
    fix: str = ""
    extract: str = ""
    matches: tuple[str, ...] = ()
    non_matches: tuple[str, ...] = ()
    source: str = ""
    severity: Severity = "medium"
    owner: Owner = "developer"
    transient: bool = False
    weight: float = 0.0
