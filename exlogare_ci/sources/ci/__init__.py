"""The logs of failed jobs, fetched from the CI service itself.

``find_log(env, ci, …)`` chooses the source and gets the log; ``ask_status`` gets the running job's status where no
variable tells it. One module for each source, listed in ``exlogare_ci.sources.ci.table``; importing this package
loads no network library.
"""

from exlogare_ci.sources.ci.choose import Access, Found, find_log
from exlogare_ci.sources.ci.model import Job, Log, LogSourceError, Source
from exlogare_ci.sources.ci.status import ask_status
from exlogare_ci.sources.ci.table import SOURCES

__all__ = ["SOURCES", "Access", "Found", "Job", "Log", "LogSourceError", "Source", "ask_status", "find_log"]
