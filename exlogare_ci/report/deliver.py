"""Results into their places, one after the other; what goes wrong in one is said and stops no other."""

from collections.abc import Callable, Sequence

from exlogare_ci.report.effects import Effects, ReportError
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.place import Place
from exlogare_ci.report.services import Service


def deliver(
    findings: Sequence[Finding],
    services: Sequence[Service],
    place: Place,
    effects: Effects,
    complain: Callable[[str], None],
) -> int:
    """Report failures in each of the places.

    Args:
        findings: any; those of passing logs are left out.
        services: where.
        place: the job.
        effects: what may be done.
        complain: gets a sentence for each place that could not be reached.

    Returns:
        How many places could not be reached.
    """
    failures = [finding for finding in findings if finding.analysis.failed]
    missed = 0
    for service in services if failures else ():
        try:
            service.report(failures, place, effects)
        except ReportError as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001 - nothing here may cost the job anything
            reason = f"unexpected {type(error).__name__}"
        else:
            continue
        missed += 1
        complain(f"the result is not in {service.TITLE}: {reason}.")
    return missed
