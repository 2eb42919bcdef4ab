"""A made-up team with a month of failures, for the pictures in the documentation and for the tests of the pages.

The logs are those of ``demo_logs.py``; they go through the real engine and the real use cases, at made-up times.
"""

import random
from datetime import datetime, timedelta, timezone
from typing import Final

import falcon.testing

from exlogare_ci.analysis import analyze
from exlogare_server.app import Application, make_app
from exlogare_server.auth.tenants import Tenants
from exlogare_server.auth.tokens import Tokens
from exlogare_server.read.clusters import ACTIONS, Action, Clusters
from exlogare_server.settings import Settings
from exlogare_server.store.protocol import Role, Tenant
from scripts.demo_logs import KINDS, Kind

NOW: Final = datetime(2026, 11, 23, 15, 4, 12, tzinfo=timezone.utc)
TEAM: Final = "Lantern"
PASSWORD: Final = "correct horse battery"  # noqa: S105 - of a team that does not exist
PEOPLE: Final[tuple[tuple[str, Role], ...]] = (
    ("ada@lantern.example", "owner"),
    ("grace@lantern.example", "member"),
    ("linus@lantern.example", "viewer"),
)
_DAYS: Final = 62
# Monday to Sunday: people work on five days, schedules on all of them.
_RUNS_A_DAY: Final = (13, 15, 14, 16, 12, 4, 3)
_BRANCHES: Final = ("main", "main", "main", "refunds", "new-checkout", "release/4.12", "dependabot/npm/react-19")
# As the services name a run in its address.
_RUNS: Final = {"gitlab": "-/pipelines", "github_actions": "actions/runs"}
# Part of a cause's words, what somebody did to it, and how many days ago.
_DEEDS: Final[tuple[tuple[str, Action, int], ...]] = (
    ("No space left", "resolve", 8),
    ("window_test.go", "resolve", 6),
    ("repo.lantern.example", "acknowledge", 3),
    ("RDS", "acknowledge", 2),
)


class MovingClock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now


def open_team(settings: Settings, *, days: int = _DAYS, later: timedelta = timedelta(0)) -> Application:
    """Make an application whose clock stands at ``NOW``, with the team's month in it.

    Args:
        settings: of a fresh, migrated database without a rate limit.
        days: how far back the team's story goes.
        later: by how much all of it happens after ``NOW``, for a server whose clock cannot be set.
    """
    clock = MovingClock()
    application = make_app(settings, engine=analyze, clock=clock)
    people = Tenants(application.store, clock)
    tenant, _ = people.ensure(name=TEAM, plan="paid")
    for email, role in PEOPLE:
        people.ensure_role(tenant, people.ensure_user(email=email, password=PASSWORD)[0], role)
    raw = Tokens(application.store, clock).create(tenant, name="CI", scopes=("ingest",))[1]
    client = falcon.testing.TestClient(application.wsgi, headers={"Authorization": f"Bearer {raw}"})
    chance = random.Random(7)  # noqa: S311 - the same story each time
    number = 1000
    for ago in range(days - 1, -1, -1):
        day = NOW - timedelta(days=ago)
        for at in sorted(_times(day, chance)):
            clock.now = at + later
            fitting = [kind for kind in KINDS if kind.days[1] <= ago <= kind.days[0]]
            number += 1
            _post(client, chance.choices(fitting, [kind.often for kind in fitting])[0], number, chance)
        _act(application, tenant, clock, ago)
    clock.now = NOW + later
    return application


def _times(day: datetime, chance: random.Random) -> list[datetime]:
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    count = max(1, _RUNS_A_DAY[day.weekday()] + chance.randrange(-3, 4))
    times = [midnight + timedelta(hours=min(23.9, max(0.1, chance.gauss(13, 3)))) for _ in range(count)]
    return [at for at in times if at <= NOW]


def _post(client: falcon.testing.TestClient, kind: Kind, number: int, chance: random.Random) -> None:
    body = {
        "provider": kind.provider,
        "project": kind.project,
        "status": kind.status,
        "log": kind.log,
        "pipeline_id": str(number),
        "job_id": str(number * 3),
        "job_name": kind.job,
        "branch": chance.choice(_BRANCHES),
        "commit_sha": f"{chance.getrandbits(160):040x}",
        "pipeline_url": f"https://code.lantern.example/{kind.project}/{_RUNS.get(kind.provider, 'runs')}/{number}",
        "build_number": str(number),
    }
    result = client.simulate_post("/api/ingest/log", json=body)
    if result.status_code != 202:  # noqa: PLR2004 - "accepted", the contract's answer
        raise RuntimeError(f"The team's log was refused: {result.status} {result.text}")


def _act(application: Application, tenant: Tenant, clock: MovingClock, ago: int) -> None:
    for words, action, day in _DEEDS:
        if day == ago:
            for cluster in application.store.clusters_like(tenant.id, words, None, offset=0, rows_max=1):
                if cluster.status != ACTIONS[action]:
                    Clusters(application.store, clock).act(tenant.id, str(cluster.id), action, actor=PEOPLE[0][0])
