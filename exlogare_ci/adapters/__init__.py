"""Which CI service a job runs on, and what its environment tells of the run.

``detect(env)`` gives the context, ``explain(env)`` also which variable gave each field. One module for each
service, listed in ``exlogare_ci.adapters.table``; all are pure functions of the mapping that they are given.
"""

from exlogare_ci.adapters.files import read_small_file
from exlogare_ci.adapters.model import (
    Adapter,
    Explanation,
    PassedOver,
    Source,
    UnknownServiceError,
)
from exlogare_ci.adapters.resolve import FORCE_VARIABLE, detect, explain
from exlogare_ci.adapters.table import ADAPTERS

__all__ = [
    "ADAPTERS",
    "FORCE_VARIABLE",
    "Adapter",
    "Explanation",
    "PassedOver",
    "Source",
    "UnknownServiceError",
    "detect",
    "explain",
    "read_small_file",
]
