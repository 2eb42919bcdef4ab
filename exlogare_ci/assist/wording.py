"""The model's words in the place of the engine's, where the engine is not sure and the model can show its reasons."""

from collections.abc import Sequence

import msgspec

from exlogare_ci.analysis.masking import mask_text
from exlogare_ci.analysis.model import Analysis, EvidenceLine
from exlogare_ci.assist.answer import EXPLANATION_CHARS_MAX, DoubtError, content_of, read_answer
from exlogare_ci.assist.request import PATH, chat_request
from exlogare_ci.assist.session import ChatSession
from exlogare_ci.assist.settings import AssistSettings
from exlogare_ci.errors import ClientError

_OK = 200


class Outcome(msgspec.Struct, frozen=True):
    """What became of a question.

    Attributes:
        analysis: the given one itself, or the same with the model's words.
        problem: why the model's words were not used, as a sentence; ``None`` when they were, or when there was
            nothing to ask.
        answered: whether the endpoint works; when not, asking again about another log is of no use.
    """

    analysis: Analysis
    problem: str | None = None
    answered: bool = True


def is_wanted(analysis: Analysis, settings: AssistSettings) -> bool:
    """Tell whether the model is to be asked: only about failures that the engine is not sure of."""
    return analysis.failed and analysis.confidence < settings.threshold


def assist(
    analysis: Analysis, log_lines: Sequence[EvidenceLine], settings: AssistSettings, session: ChatSession
) -> Analysis:
    """Give an analysis the model's words, where that is wanted and its answer passes every check.

    Args:
        analysis: what the engine found.
        log_lines: what the model is shown, see ``given_lines``.
        settings: which model, when to ask it, how long to wait.
        session: the way to it.

    Returns:
        The analysis with ``root_cause``, ``explanation`` and ``fix_suggestion`` of the model, and a remark at the end
        of the explanation that says so; or, on any doubt, error or time-out, the very object that was given.
    """
    return ask(analysis, log_lines, settings, session).analysis


def ask(
    analysis: Analysis, log_lines: Sequence[EvidenceLine], settings: AssistSettings, session: ChatSession
) -> Outcome:
    """Do as ``assist``, and say why when the engine's words stay."""
    if not is_wanted(analysis, settings) or not log_lines:
        return Outcome(analysis)
    lines = _masked(log_lines)
    try:
        reply = session.post(settings.base_url + PATH, chat_request(analysis, lines, settings), settings.timeout_s)
    except ClientError as error:
        return Outcome(analysis, f"The model was not asked: {_lower(error.cause)}", answered=False)
    if reply.status != _OK:
        hint = " Redirects are not followed." if reply.is_redirect else ""
        return Outcome(analysis, f"The model's endpoint answered {reply.status}.{hint}", answered=False)
    remark = "(These are the words of the model {}, asked because the engine was not sure; it quotes line{} {}.)"
    room = len(remark) + len(settings.model) + 200  # twenty line numbers of up to nine digits, with commas
    try:
        words = read_answer(
            content_of(reply.body),
            analysis,
            lines,
            explanation_chars_max=EXPLANATION_CHARS_MAX - room,
            secrets=() if settings.api_key is None else (settings.api_key,),
        )
    except DoubtError as doubt:
        return Outcome(analysis, f"The model's answer was not used: {doubt}.")
    numbers = ", ".join(str(line) for line in words.cited_lines)
    said = remark.format(settings.model, "s" if len(words.cited_lines) > 1 else "", numbers)
    return Outcome(
        msgspec.structs.replace(
            analysis,
            root_cause=words.root_cause,
            explanation=f"{words.explanation} {said}",
            fix_suggestion=words.fix_suggestion,
        )
    )


def _masked(lines: Sequence[EvidenceLine]) -> tuple[EvidenceLine, ...]:
    """Mask once more: whoever calls may not have, and nothing may leave unmasked."""
    texts = mask_text("\n".join(line.text.replace("\n", " ") for line in lines)).split("\n")
    return tuple(EvidenceLine(line.line, text) for line, text in zip(lines, texts, strict=True))


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
