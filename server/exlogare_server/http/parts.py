"""What the wiring hands to HTTP: the use cases, and the settings that only HTTP has."""

import msgspec

from exlogare_server.auth.account import Account
from exlogare_server.auth.chart_keys import ChartKeys
from exlogare_server.auth.members import Members
from exlogare_server.auth.sessions import Sessions
from exlogare_server.auth.tokens import Tokens
from exlogare_server.http.address import Network
from exlogare_server.ingest.service import Ingest
from exlogare_server.metrics import Metrics
from exlogare_server.notify.receivers import Receivers
from exlogare_server.read.audit import Audit
from exlogare_server.read.browse import Browse
from exlogare_server.read.clusters import Clusters
from exlogare_server.read.service import Analyses, Observation, Readiness
from exlogare_server.read.statistics import Statistics
from exlogare_server.read.trends import Trends
from exlogare_server.times import Clock


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The use cases, and the settings that only HTTP has.

    Attributes:
        clock: gives the present time, for "2 hours ago".
        secure_cookies: whether browsers may send cookies over HTTPS only.
        trusted_proxies: whose ``X-Forwarded-For`` is believed.
    """

    tokens: Tokens
    sessions: Sessions
    account: Account
    members: Members
    audit: Audit
    ingest: Ingest
    analyses: Analyses
    statistics: Statistics
    clusters: Clusters
    browse: Browse
    trends: Trends
    chart_keys: ChartKeys
    receivers: Receivers
    readiness: Readiness
    metrics: Metrics
    observation: Observation
    clock: Clock
    secure_cookies: bool
    trusted_proxies: tuple[Network, ...]
