"""A model for tests: a scripted server on loopback that answers chat completions."""

import json
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from exlogare_ci.analysis.model import Analysis, EvidenceLine
from exlogare_ci.assist.settings import AssistSettings
from tests.client.scripted_server import ScriptedServer, Step, answer

LINES: Final = (
    EvidenceLine(41, "$ ./gate --strict build/site"),
    EvidenceLine(42, "page about.html: heading level skipped from 1 to 3"),
    EvidenceLine(43, "1 page of 12 does not comply"),
)
UNSURE: Final = Analysis(
    failed=True,
    root_cause="The failing step's last words: page about.html: heading level skipped from 1 to 3",
    explanation="The step ended without a line that a tool is known for.",
    fix_suggestion="Read the last lines of the step.",
    confidence=0.31,
    category="unknown",
    cause_line=42,
    spans=((42, 43),),
    evidence=LINES[1:],
    fingerprint="v1:0123456789abcdef0123456789abcdef",
    needs_more_context=True,
    missing_context_hint="the output of the tool that failed first",
)
GOOD: Final[Mapping[str, Any]] = {
    "root_cause": "about.html skips a heading level, from 1 to 3",
    "explanation": "The gate checked 12 pages and refused one of them.",
    "fix_suggestion": "Turn the first h3 of about.html into an h2.",
    "category": "code.lint",
    "citations": [{"line": "L42", "quote": "heading level skipped from 1 to 3"}],
}
REMARK: Final = "(These are the words of the model small-1, asked because the engine was not sure; it quotes line 42.)"


def saying(content: object) -> Step:
    """Answer with a chat completion of this text, or of this object as JSON."""
    text = content if isinstance(content, str) else json.dumps(content)
    return answer(200, {"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]})


def settings_for(server: ScriptedServer, **changed: Any) -> AssistSettings:
    """The settings that lead to a server."""
    usual = AssistSettings(base_url=f"{server.url}/v1", model="small-1", api_key="key-of-the-endpoint", timeout_s=5)
    return msgspec.structs.replace(usual, **changed)
