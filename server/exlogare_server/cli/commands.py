"""The commands of ``exlogare-server``."""

import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import click

from exlogare_server.auth.tenants import Tenants
from exlogare_server.auth.tokens import Tokens
from exlogare_server.cli import operations, options
from exlogare_server.errors import SettingsError
from exlogare_server.read import moments
from exlogare_server.store import opening
from exlogare_server.times import utc_now

_SCOPES_HELP = "comma-separated: ingest, read"
_data = options.data
_tenant = options.tenant
_plan = click.Choice(["free", "paid"])


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="exlogare-ci")
def main() -> None:
    """The reference server of Exlogare CI."""


@main.command()
@_data
@click.option("--email", required=True, help="the owner's e-mail address")
@click.option("--password-stdin", is_flag=True, required=True, help="read the password from standard input")
@click.option("--tenant", "name", required=True, help="the tenant's name; its slug is the name in lower case")
@click.option("--plan", type=_plan, default="free", show_default=True)
def init(data_dir: Path, email: str, password_stdin: bool, name: str, plan: Any) -> None:  # noqa: ARG001 - a flag
    """Make the database, a tenant and its owner; what is there already stays as it is."""
    password = _password()
    settings = options.settings(data_dir)
    opening.migrate(settings.database_url)
    with closing(options.store(settings)) as store:
        tenants = Tenants(store, utc_now)
        user, user_is_new = tenants.ensure_user(email=email, password=password)
        tenant, tenant_is_new = tenants.ensure(name=name, plan=plan)
        before = tenants.ensure_role(tenant, user, "owner")
    _say("Made" if tenant_is_new else "Kept", f"tenant {tenant.slug} (plan {tenant.plan})")
    if tenant.plan != plan:
        click.echo(f"Its plan is not {plan}; change it with 'exlogare-server tenant set-plan'.", err=True)
    _say(
        "Made" if user_is_new else "Kept",
        f"user {user.email}" + ("" if user_is_new else ", password unchanged"),
    )
    if before != "owner":
        click.echo(f"{user.email} is an owner of {tenant.slug}.")


@main.group()
def tenant() -> None:
    """Change tenants."""


@tenant.command("set-plan")
@_data
@click.argument("slug")
@click.argument("plan", type=_plan)
def set_plan(data_dir: Path, slug: str, plan: Any) -> None:
    """Change the plan of the tenant SLUG."""
    with closing(options.store(options.settings(data_dir))) as store:
        before = Tenants(store, utc_now).set_plan(slug, plan).plan
    click.echo(f"Tenant {slug} is on plan {plan}" + (f", was on {before}." if before != plan else ", as before."))


@main.group()
def user() -> None:
    """Change users."""


@user.command("add")
@_data
@_tenant
@click.option("--email", required=True)
@click.option("--role", required=True, type=click.Choice(["owner", "admin", "member", "viewer"]))
@click.option("--password-stdin", is_flag=True, required=True, help="read the password from standard input")
def user_add(data_dir: Path, slug: str, email: str, role: Any, password_stdin: bool) -> None:  # noqa: ARG001
    """Add a user to a tenant, or change the user's role in it; who is there already keeps the password."""
    password = _password()
    with closing(options.store(options.settings(data_dir))) as store:
        tenants = Tenants(store, utc_now)
        tenant = tenants.by_slug(slug)
        user, is_new = tenants.ensure_user(email=email, password=password)
        before = tenants.ensure_role(tenant, user, role)
    _say("Made" if is_new else "Kept", f"user {user.email}" + ("" if is_new else ", password unchanged"))
    click.echo(f"{user.email} is {role} in {slug}" + (f", was {before}." if before not in (None, role) else "."))


@user.command("set-password")
@_data
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, required=True, help="read the password from standard input")
def user_set_password(data_dir: Path, email: str, password_stdin: bool) -> None:  # noqa: ARG001 - a flag
    """Give a user a new password, and log the user out everywhere."""
    password = _password()
    with closing(options.store(options.settings(data_dir))) as store:
        user = Tenants(store, utc_now).set_password(email=email, password=password)
    click.echo(f"Changed the password of {user.email}, who is logged out everywhere.")


@user.command("end-sessions")
@_data
@click.option("--email", required=True)
def user_end_sessions(data_dir: Path, email: str) -> None:
    """Log a user out everywhere, in every tenant."""
    with closing(options.store(options.settings(data_dir))) as store:
        ended = Tenants(store, utc_now).end_sessions(email)
    click.echo(f"Ended {ended} session{'' if ended == 1 else 's'}.")


@main.group()
def token() -> None:
    """Make, list and revoke API tokens."""


@token.command("create")
@_data
@_tenant
@click.option("--name", required=True, help="what people will know the token by")
@click.option("--scopes", required=True, help=_SCOPES_HELP)
@click.option("--expires-at", help="ISO 8601 date or date-time, UTC unless it says otherwise; never by default")
def token_create(data_dir: Path, slug: str, name: str, scopes: str, expires_at: str | None) -> None:
    """Make a token and print it, alone and this once."""
    wanted = [scope.strip() for scope in scopes.split(",") if scope.strip()]
    moment = moments.parse(expires_at) if expires_at else None
    if expires_at and moment is None:
        raise click.BadParameter("expected an ISO 8601 date or date-time", param_hint="--expires-at")
    with closing(options.store(options.settings(data_dir))) as store:
        tenant = Tenants(store, utc_now).by_slug(slug)
        _, raw = Tokens(store, utc_now).create(
            tenant, name=name, scopes=wanted, expires_at=moment.start if moment else None
        )
    click.echo(raw)


@token.command("list")
@_data
@_tenant
def token_list(data_dir: Path, slug: str) -> None:
    """List a tenant's tokens, newest first: id, first characters, scopes, state, name."""
    with closing(options.store(options.settings(data_dir))) as store:
        for row in Tokens(store, utc_now).all_of(Tenants(store, utc_now).by_slug(slug)):
            expired = row.expires_at is not None and row.expires_at <= utc_now()
            state = "revoked" if row.revoked_at else "expired" if expired else "active"
            click.echo("\t".join((str(row.id), row.prefix, ",".join(row.scopes), state, row.name)))


@token.command("revoke")
@_data
@_tenant
@click.argument("token_id", type=click.UUID)
def token_revoke(data_dir: Path, slug: str, token_id: Any) -> None:
    """Revoke the token of this id; it is refused from the next request on."""
    with closing(options.store(options.settings(data_dir))) as store:
        row = Tokens(store, utc_now).revoke(Tenants(store, utc_now).by_slug(slug), token_id)
    click.echo(f"Revoked {row.prefix}… ({row.name}).")


@main.command()
@_data
@click.option("--listen", required=True, metavar="HOST:PORT", help="port 0 picks a free one")
@click.option(
    "--dev", is_flag=True, help="for a developer's machine: cookies over plain HTTP, receivers in any network"
)
@click.option("--no-worker", is_flag=True, help="leave deliveries to 'exlogare-server worker'")
def serve(data_dir: Path, listen: str, dev: bool, no_worker: bool) -> None:
    """Serve until SIGTERM or SIGINT; prints 'listening on http://HOST:PORT' once the server answers."""
    # Only this command needs the engine and the web server.
    from exlogare_server import serving  # noqa: PLC0415
    from exlogare_server.app import make_app, make_worker  # noqa: PLC0415

    address = serving.parse_listen(listen)
    settings = options.settings(data_dir, dev=dev)
    with ExitStack() as ends:
        application = ends.enter_context(closing(make_app(settings)))
        fault = application.store.ready()
        if fault is not None:
            raise SettingsError(fault)
        if not no_worker:
            delivering = ends.enter_context(closing(make_worker(settings, application.store)))
            delivering.worker.start()
        operations.warn_of_keys(settings, application.store)
        serving.run(application.wsgi, settings, address, operations.print_line)


@main.command()
@_data
def migrate(data_dir: Path) -> None:
    """Bring the database's tables to what this version needs."""
    opening.migrate(options.settings(data_dir).database_url)
    click.echo("The database is up to date.")


def _password() -> str:
    """Read the password from standard input: all of it, but for one line end."""
    text = sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    return text.removesuffix("\n").removesuffix("\r")


def _say(verb: str, what: str) -> None:
    click.echo(f"{verb} {what}.")


for _command in operations.COMMANDS:
    main.add_command(_command)
