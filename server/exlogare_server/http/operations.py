"""Every operation of the API, in one table: what the OpenAPI document and its page are made of.

The structs named here are those that check what is sent and that make what is answered. A test holds the
table and the addresses of the application together.
"""

from typing import Any, Literal
from uuid import UUID

import falcon
import msgspec

from exlogare_server.auth import members_view
from exlogare_server.auth import view as people_view
from exlogare_server.auth.bodies import InvitationBody, JoinBody, LoginBody, PasswordBody, RoleBody, TokenBody
from exlogare_server.auth.tenants import EMAIL_PATTERN
from exlogare_server.ingest import statuses
from exlogare_server.ingest.routing import ENDPOINTS, Endpoint
from exlogare_server.notify import bodies as receiver_bodies
from exlogare_server.notify import view as receiver_view
from exlogare_server.read import view as read_view
from exlogare_server.read.audit import AuditPage, AuditQuery
from exlogare_server.read.clusters import (
    ACTIONS,
    BadgesQuery,
    BadgesView,
    ClustersPage,
    ClustersQuery,
    ClusterView,
    StatusCounts,
)
from exlogare_server.read.query import LegacyParameters, ListParameters
from exlogare_server.read.statistics import (
    CauseView,
    DaysQuery,
    DayView,
    OverviewQuery,
    OverviewView,
    ProjectView,
    TopQuery,
)

# Who may: nobody needs a credential; nobody, but a CSRF token; an API token with a scope; a bearer with the
# scope `read` or a browser; a person; not viewers; owners and admins.
Access = Literal["open", "csrf", "ingest", "read", "reader", "person", "writer", "admin"]


class Accepted(msgspec.Struct, frozen=True):
    """A log that was analysed; the analysis is durable."""

    status: Literal["accepted"]
    analysis_id: UUID


class StatusOk(msgspec.Struct, frozen=True):
    """It is done."""

    status: Literal["ok"]


class StatusReady(msgspec.Struct, frozen=True):
    """The server can work."""

    status: Literal["ready"]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method at one address.

    Attributes:
        path: as the application has it; a name in braces is the id of something.
        query: the struct that checks the parameters.
        body: the struct that checks the body.
        answer: the type of the body of a success; ``None`` for none.
        status: the success.
        refuses: further statuses, beyond those that follow from access, query and body.
        patterns: for fields of the body what their struct alone does not say.
    """

    method: str
    path: str
    summary: str
    access: Access
    tag: str
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    answer: Any = None
    status: str = falcon.HTTP_200
    refuses: tuple[int, ...] = ()
    patterns: dict[str, str] = {}

    @property
    def name(self) -> str:
        """A name for programs: the method and the path's words."""
        words = self.path.removeprefix("/api/").replace("{", "").replace("}", "").replace("-", "_").replace("/", "_")
        return f"{self.method.lower()}_{words.strip('_').replace('.', '_')}"


def _ingest(endpoint: Endpoint) -> Operation:
    words = statuses.VOCABULARIES.get(endpoint.name, ("", None))[1]
    patterns = {"provider": r"[A-Za-z0-9]"} if words is None else {"status": _any_case(words)}
    return Operation(
        method="POST",
        path=f"/api/ingest/{endpoint.name}",
        summary="Post a log. The same run posted again renews its analysis and gives the same id.",
        access="ingest",
        tag="ingest",
        body=endpoint.body_type,
        answer=Accepted,
        status=falcon.HTTP_202,
        refuses=(429,),
        patterns=patterns,
    )


def _any_case(words: frozenset[str]) -> str:
    """Give a pattern of words in any case, for the pattern language of JSON Schema, which has no switch for it."""
    each = ("".join(f"[{c}{c.upper()}]" if c.isalpha() else c for c in word) for word in sorted(words))
    return f"^(?:{'|'.join(each)})$"


def _figures(root: str, access: Access) -> tuple[Operation, ...]:
    def get(name: str, summary: str, answer: Any, query: type[msgspec.Struct] | None = None) -> Operation:
        return Operation(
            method="GET",
            path=f"{root}/{name}",
            summary=summary,
            access=access,
            tag="read" if root == "/api/v1" else "dashboard",
            query=query,
            answer=answer,
            refuses=(400,) if query in (ListParameters, LegacyParameters, ClustersQuery) else (),
        )

    legacy = root == "/api"
    return (
        get("analyses", "List analyses, newest first.", read_view.LegacyPage, LegacyParameters)
        if legacy
        else get("analyses", "List analyses, newest first.", read_view.Page, ListParameters),
        get("analyses/{analysis_id}", "Show one analysis.", read_view.AnalysisView),
        get("stats/overview", "The figures of the last days.", OverviewView, OverviewQuery),
        get("stats/timeseries", "The failures of each of the last days.", list[DayView], DaysQuery),
        get("stats/top-projects", "The projects with the most failures.", list[ProjectView], TopQuery),
        get("stats/top-root-causes", "The causes with the most failures.", list[CauseView], TopQuery),
        get("clusters", "List the clusters, the one that failed last first.", ClustersPage, ClustersQuery),
        get("clusters/{cluster_id}", "Show one cluster.", ClusterView),
    )


_DASHBOARD = (
    Operation(
        method="GET", path="/api/clusters/stats", summary="Count the clusters by status.", access="reader",
        tag="dashboard", answer=StatusCounts,
    ),
    Operation(
        method="GET", path="/api/clusters/badges", summary="Show the clusters of some analyses, in short.",
        access="reader", tag="dashboard", query=BadgesQuery, answer=BadgesView,
    ),
    *(
        Operation(
            method="POST", path=f"/api/clusters/{{cluster_id}}/{action}", summary=f"{action.title()} a cluster.",
            access="writer", tag="dashboard", answer=ClusterView,
        )
        for action in ACTIONS
    ),
)  # fmt: skip

_PEOPLE = (
    Operation(
        method="GET", path="/api/auth/csrf", summary="Get the CSRF token, and its cookie.", access="open",
        tag="people", answer=people_view.CsrfView,
    ),
    Operation(
        method="POST", path="/api/auth/login", summary="Log in.", access="csrf", tag="people", body=LoginBody,
        answer=people_view.LoginView, refuses=(401, 429),
    ),
    Operation(
        method="POST", path="/api/auth/logout", summary="Log out, here and on the server.", access="person",
        tag="people", answer=StatusOk,
    ),
    Operation(
        method="GET", path="/api/auth/me", summary="Who is logged in.", access="person", tag="people",
        answer=people_view.MeView,
    ),
    Operation(
        method="GET", path="/api/tokens", summary="List the API tokens, newest first.", access="admin", tag="people",
        answer=list[people_view.TokenView],
    ),
    Operation(
        method="POST", path="/api/tokens", summary="Make an API token; its raw form is shown this once.",
        access="admin", tag="people", body=TokenBody, answer=people_view.NewTokenView, status=falcon.HTTP_201,
        patterns={"name": r"\S"},
    ),
    Operation(
        method="POST", path="/api/tokens/{token_id}/revoke", summary="Revoke an API token.", access="admin",
        tag="people", answer=people_view.TokenView,
    ),
    Operation(
        method="POST", path="/api/auth/join", summary="Use a link: join, or set a new password; and log in.",
        access="csrf", tag="people", body=JoinBody, answer=people_view.LoginView, refuses=(401, 404, 409, 429),
    ),
    Operation(
        method="POST", path="/api/auth/password", summary="Change the own password; other sessions end.",
        access="person", tag="people", body=PasswordBody, answer=StatusOk, refuses=(429,),
    ),
    Operation(
        method="GET", path="/api/auth/sessions", summary="List the own sessions, the last used first.",
        access="person", tag="people", answer=list[members_view.SessionView],
    ),
    Operation(
        method="POST", path="/api/auth/sessions/end-others", summary="End all own sessions but this one.",
        access="person", tag="people", answer=members_view.EndedView,
    ),
    Operation(
        method="DELETE", path="/api/auth/sessions/{session_id}", summary="End an own session.", access="person",
        tag="people", status=falcon.HTTP_204,
    ),
    Operation(
        method="GET", path="/api/members", summary="List the members, the oldest first.", access="admin",
        tag="people", answer=list[members_view.MemberView],
    ),
    Operation(
        method="PATCH", path="/api/members/{user_id}", summary="Change a member's role.", access="admin",
        tag="people", body=RoleBody, answer=members_view.MemberView, refuses=(409,),
    ),
    Operation(
        method="DELETE", path="/api/members/{user_id}", summary="Remove a member.", access="admin", tag="people",
        status=falcon.HTTP_204, refuses=(409,),
    ),
    Operation(
        method="POST", path="/api/members/{user_id}/password-link",
        summary="Make a link for a new password, shown this once.", access="admin", tag="people",
        answer=members_view.NewInvitationView, status=falcon.HTTP_201, refuses=(400, 409),
    ),
    Operation(
        method="GET", path="/api/invitations", summary="List the unused links.", access="admin", tag="people",
        answer=list[members_view.InvitationView],
    ),
    Operation(
        method="POST", path="/api/invitations", summary="Invite somebody; the link is shown this once.",
        access="admin", tag="people", body=InvitationBody, answer=members_view.NewInvitationView,
        status=falcon.HTTP_201, refuses=(409,), patterns={"email": rf"^[ \t\r\n]*{EMAIL_PATTERN}[ \t\r\n]*$"},
    ),
    Operation(
        method="DELETE", path="/api/invitations/{invitation_id}", summary="Withdraw an unused link.",
        access="admin", tag="people", status=falcon.HTTP_204,
    ),
    Operation(
        method="GET", path="/api/audit", summary="What was changed by whom, newest first.", access="admin",
        tag="people", query=AuditQuery, answer=AuditPage, refuses=(400,),
    ),
)  # fmt: skip

_HOOKS, _CHANNELS = "/api/integrations/outbound-webhooks", "/api/integrations/notifications"
_RECEIVERS = (
    Operation(
        method="GET", path=_HOOKS, summary="List the webhooks.", access="admin", tag="receivers",
        answer=list[receiver_view.WebhookView],
    ),
    Operation(
        method="POST", path=_HOOKS, summary="Make a webhook; its secret is shown this once.", access="admin",
        tag="receivers", body=receiver_bodies.WebhookBody, answer=receiver_view.WebhookSecretView,
        status=falcon.HTTP_201,
    ),
    Operation(
        method="PATCH", path=f"{_HOOKS}/{{receiver_id}}", summary="Change a webhook.", access="admin",
        tag="receivers", body=receiver_bodies.WebhookChanges, answer=receiver_view.WebhookView,
    ),
    Operation(
        method="DELETE", path=f"{_HOOKS}/{{receiver_id}}", summary="Delete a webhook.", access="admin",
        tag="receivers", status=falcon.HTTP_204,
    ),
    Operation(
        method="GET", path=f"{_HOOKS}/{{receiver_id}}/deliveries", summary="What a webhook is owed, and the tries.",
        access="admin", tag="receivers", answer=receiver_view.DeliveriesView,
    ),
    Operation(
        method="POST", path=f"{_HOOKS}/{{receiver_id}}/rotate-secret", summary="Give a webhook a new secret.",
        access="admin", tag="receivers", answer=receiver_view.WebhookSecretView,
    ),
    Operation(
        method="POST", path=f"{_HOOKS}/{{receiver_id}}/redeliver", summary="Send an analysis once more.",
        access="admin", tag="receivers", body=receiver_bodies.RedeliverBody, answer=receiver_view.QueuedView,
        status=falcon.HTTP_202,
    ),
    Operation(
        method="POST", path=f"{_HOOKS}/{{receiver_id}}/test", summary="Send a test to a webhook.", access="admin",
        tag="receivers", answer=receiver_view.AttemptView,
    ),
    Operation(
        method="GET", path=_CHANNELS, summary="List the messengers' channels.", access="admin", tag="receivers",
        answer=list[receiver_view.ChannelView],
    ),
    Operation(
        method="POST", path=_CHANNELS, summary="Make a messenger's channel.", access="admin", tag="receivers",
        body=receiver_bodies.ChannelBody, answer=receiver_view.ChannelView, status=falcon.HTTP_201,
    ),
    Operation(
        method="PATCH", path=f"{_CHANNELS}/{{receiver_id}}", summary="Change a channel.", access="admin",
        tag="receivers", body=receiver_bodies.ChannelChanges, answer=receiver_view.ChannelView,
    ),
    Operation(
        method="DELETE", path=f"{_CHANNELS}/{{receiver_id}}", summary="Delete a channel.", access="admin",
        tag="receivers", status=falcon.HTTP_204,
    ),
    Operation(
        method="POST", path=f"{_CHANNELS}/{{receiver_id}}/test", summary="Send a test to a channel.", access="admin",
        tag="receivers", answer=receiver_view.AttemptView,
    ),
)  # fmt: skip

_SERVER = (
    Operation(
        method="GET", path="/healthz", summary="Whether the process answers.", access="open", tag="server",
        answer=StatusOk,
    ),
    Operation(
        method="GET", path="/readyz", summary="Whether the server can work.", access="open", tag="server",
        answer=StatusReady,
    ),
)  # fmt: skip

OPERATIONS: tuple[Operation, ...] = (
    *(_ingest(endpoint) for endpoint in ENDPOINTS),
    *_figures("/api/v1", "read"),
    *_figures("/api", "reader"),
    *_DASHBOARD,
    *_PEOPLE,
    *_RECEIVERS,
    *_SERVER,
)
