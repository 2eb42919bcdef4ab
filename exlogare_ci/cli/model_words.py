"""The model's words for ``exl analyze`` and ``exl run``, where a model is configured."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from exlogare_ci.cli.errors import describe, report_error

if TYPE_CHECKING:
    from exlogare_ci.analysis.catalog import Catalog
    from exlogare_ci.analysis.model import Analysis
    from exlogare_ci.assist.settings import AssistSettings

SWITCH = "EXLOGARE_LLM_BASE_URL"


class ModelWords:
    """Asks the configured model about analyses that the engine is not sure of.

    Whatever goes wrong is one line on standard error; the engine's words stay.

    Args:
        env: the environment: the model's settings, and what is secret.
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._is_on = bool(env.get(SWITCH, "").strip())

    def reword(self, analysis: "Analysis", log: bytes, using: "Catalog | None") -> "Analysis":
        """Give an analysis the model's words, where they are wanted and can be trusted.

        Args:
            analysis: what the engine found, line numbers as the engine gave them.
            log: the log that it was found in.
            using: the catalogue that it was found with.

        Returns:
            The analysis, or one that differs from it in ``root_cause``, ``explanation`` and ``fix_suggestion``.
        """
        if not self._is_on or not analysis.failed:
            return analysis
        try:
            return self._reword(analysis, log, using)
        except Exception as error:  # noqa: BLE001 - the engine's analysis must not be lost to this
            self._is_on = False
            report_error(f"the model was not asked: {describe(error)[0]}")
            return analysis

    def _reword(self, analysis: "Analysis", log: bytes, using: "Catalog | None") -> "Analysis":
        from exlogare_ci.assist.settings import load  # noqa: PLC0415 - only where a model is configured

        settings = load(self._env)
        if settings is None:
            return analysis
        return self._ask(analysis, log, using, settings)

    def _ask(self, analysis: "Analysis", log: bytes, using: "Catalog | None", settings: "AssistSettings") -> "Analysis":
        from exlogare_ci.assist import HttpSession, ask, given_lines, is_wanted  # noqa: PLC0415 - see above
        from exlogare_ci.redact import redact  # noqa: PLC0415
        from exlogare_ci.upload import further_secrets  # noqa: PLC0415

        if not is_wanted(analysis, settings):
            return analysis
        extra = further_secrets(self._env)
        lines = given_lines(log, analysis, using, without_secrets=lambda data: redact(data, self._env, extra))
        outcome = ask(analysis, lines, settings, HttpSession(settings))
        if outcome.problem is not None:
            fix = "" if outcome.answered else f" Check {SWITCH} and EXLOGARE_LLM_API_KEY, or unset them."
            report_error(f"{outcome.problem} The engine's own words are shown.{fix}")
        self._is_on = self._is_on and outcome.answered
        return outcome.analysis
