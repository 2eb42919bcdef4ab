"""Passwords, tokens, tenants and users."""

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from exlogare_server.auth import passwords
from exlogare_server.auth.tenants import Tenants, slug_of
from exlogare_server.auth.tokens import Tokens
from exlogare_server.errors import BadRequestError, CredentialError, ForbiddenError, NotFoundError
from exlogare_server.settings import Settings
from exlogare_server.store.opening import open_store
from exlogare_server.store.protocol import Plan, Store, Tenant
from tests.server.harness import NOON, FakeClock


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An empty store."""
    opened = open_store(settings.database_url, threads=2)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def tokens(store: Store, clock: FakeClock) -> Tokens:
    """The use cases about tokens."""
    return Tokens(store, clock)


def tenant(store: Store, plan: Plan = "paid", name: str = "Acme") -> Tenant:
    """A tenant."""
    return Tenants(store, FakeClock()).ensure(name=name, plan=plan)[0]


def test_password_is_kept_as_argon2_only() -> None:
    """The hash verifies its password and no other, and two hashes of one password differ."""
    one, other = passwords.hash_password("correct horse"), passwords.hash_password("correct horse")

    assert one.startswith("$argon2id$")
    assert one != other
    assert passwords.verify_password(one, "correct horse")
    assert not passwords.verify_password(one, "correct horse ")
    assert not passwords.verify_password("no hash", "correct horse")


@pytest.mark.parametrize("password", ["", "x" * 1025, "é" * 513])
def test_password_has_a_length(password: str) -> None:
    """An empty one protects nothing, and an endless one is an attack on the hash."""
    with pytest.raises(BadRequestError, match="1 to 1024 bytes"):
        passwords.hash_password(password)


def test_raw_token_has_the_contracts_form(store: Store, tokens: Tokens) -> None:
    """`exl_` and 32 random bytes in URL-safe base64; kept are its digest and its first 12 characters."""
    token, raw = tokens.create(tenant(store), name=" ci ", scopes=["read", "ingest", "read"])

    assert re.fullmatch(r"exl_[A-Za-z0-9_-]{43}", raw)
    assert (token.sha256, token.prefix) == (hashlib.sha256(raw.encode()).digest(), raw[:12])
    assert (token.name, token.scopes, token.created_at) == ("ci", ("ingest", "read"), NOON)


def test_token_is_known_again(store: Store, tokens: Tokens) -> None:
    """The header's scheme is read in any case."""
    owner = tenant(store)
    token, raw = tokens.create(owner, name="ci", scopes=["ingest"])

    principal = tokens.authenticate(f"bearer  {raw} ")

    assert (principal.tenant, principal.token_id, principal.scopes) == (owner, token.id, ("ingest",))


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Bearer ", "Basic dTpw", "Bearer exl_short", "exl_" + "a" * 43, "Bearer exl_" + "a" * 43,
     "Bearer exl_" + "a" * 44, "Bearer exl_" + "ä" * 43],
)  # fmt: skip
def test_other_header_is_no_credential(tokens: Tokens, header: str | None) -> None:
    """Nothing, something else, and a token that was never made."""
    with pytest.raises(CredentialError) as caught:
        tokens.authenticate(header)

    assert "aaaa" not in str(caught.value)


def test_revoked_token_is_refused_from_then_on(store: Store, tokens: Tokens, clock: FakeClock) -> None:
    """Revoking again keeps the first time."""
    owner = tenant(store)
    token, raw = tokens.create(owner, name="ci", scopes=["ingest"])

    revoked = tokens.revoke(owner, token.id)
    clock.advance(hours=1)

    assert revoked.revoked_at == NOON
    assert tokens.revoke(owner, token.id).revoked_at == NOON
    with pytest.raises(CredentialError, match="revoked"):
        tokens.authenticate(f"Bearer {raw}")


def test_token_expires(store: Store, tokens: Tokens, clock: FakeClock) -> None:
    """It works until the moment before."""
    _, raw = tokens.create(tenant(store), name="ci", scopes=["read"], expires_at=NOON + timedelta(hours=1))

    clock.advance(hours=1, microseconds=-1)
    tokens.authenticate(f"Bearer {raw}")
    clock.advance(microseconds=1)

    with pytest.raises(CredentialError, match="expired"):
        tokens.authenticate(f"Bearer {raw}")


@pytest.mark.parametrize(
    ("name", "scopes", "sentence"),
    [
        ("", ["read"], "name must have 1 to 128"),
        ("x" * 129, ["read"], "name must have 1 to 128"),
        ("ci", [], "one or more of ingest, read"),
        ("ci", ["read", "admin"], "unknown: admin"),
    ],
)
def test_token_that_makes_no_sense_is_refused(
    store: Store, tokens: Tokens, name: str, scopes: list[str], sentence: str
) -> None:
    """Names have a length, scopes a list."""
    with pytest.raises(BadRequestError, match=sentence):
        tokens.create(tenant(store), name=name, scopes=scopes)


def test_token_expires_in_the_future_only(store: Store, tokens: Tokens) -> None:
    """One that is dead already helps nobody."""
    with pytest.raises(BadRequestError, match="future"):
        tokens.create(tenant(store), name="ci", scopes=["read"], expires_at=NOON)


def test_free_plan_has_three_active_tokens(store: Store, tokens: Tokens, clock: FakeClock) -> None:
    """Revoked and expired ones do not count; a paid plan has no limit, nor does another tenant matter."""
    free = tenant(store, "free")
    first, _ = tokens.create(free, name="1", scopes=["read"])
    tokens.create(free, name="2", scopes=["read"], expires_at=NOON + timedelta(hours=1))
    tokens.create(free, name="3", scopes=["read"])
    with pytest.raises(ForbiddenError, match="3 active tokens"):
        tokens.create(free, name="4", scopes=["read"])

    tokens.revoke(free, first.id)
    tokens.create(free, name="5", scopes=["read"])
    clock.advance(hours=1)
    tokens.create(free, name="6", scopes=["read"])

    with pytest.raises(ForbiddenError):
        tokens.create(free, name="7", scopes=["read"])
    paid = tenant(store, "paid", "Other")
    for number in range(5):
        tokens.create(paid, name=str(number), scopes=["read"])


def test_missing_scope_is_named(store: Store, tokens: Tokens) -> None:
    """With the contract's words."""
    _, raw = tokens.create(tenant(store), name="ci", scopes=["ingest"])
    principal = tokens.authenticate(f"Bearer {raw}")

    tokens.require(principal, "ingest")
    with pytest.raises(ForbiddenError, match=r"^Missing scope: read$"):
        tokens.require(principal, "read")


def test_token_of_another_tenant_cannot_be_revoked(store: Store, tokens: Tokens) -> None:
    """It does not even exist."""
    token, _ = tokens.create(tenant(store), name="ci", scopes=["read"])

    with pytest.raises(NotFoundError):
        tokens.revoke(tenant(store, name="Other"), token.id)


def test_use_of_a_token_is_noted(store: Store, tokens: Tokens, clock: FakeClock) -> None:
    """Once a minute at most: the note is for people, and every note is a write."""
    owner = tenant(store)
    token, raw = tokens.create(owner, name="ci", scopes=["read"])

    seen = []
    for seconds in (0, 30, 30):
        clock.advance(seconds=seconds)
        tokens.authenticate(f"Bearer {raw}")
        tokens.revoke(owner, tokens.create(owner, name="x", scopes=["read"])[0].id)  # a write behind the note's
        seen.append(next(row.last_used_at for row in tokens.all_of(owner) if row.id == token.id))

    assert seen == [NOON, NOON, NOON + timedelta(seconds=60)]


@pytest.mark.parametrize(
    ("name", "slug"), [("Acme", "acme"), ("Acme Inc", "acme-inc"), (" A  b ", "a--b"), ("Größe 7", "größe-7")]
)
def test_slug_is_the_name_in_lower_case(name: str, slug: str) -> None:
    """With `-` for spaces."""
    assert slug == slug_of(name)


def test_tenant_is_made_once(store: Store, clock: FakeClock) -> None:
    """A second time the first one is given, as it is."""
    tenants = Tenants(store, clock)

    made, is_new = tenants.ensure(name="Acme Inc", plan="free")
    again, is_new_again = tenants.ensure(name="ACME inc", plan="paid")

    assert (is_new, is_new_again) == (True, False)
    assert made == again == tenants.by_slug("acme-inc")
    assert (made.name, made.plan, made.created_at) == ("Acme Inc", "free", NOON)


@pytest.mark.parametrize("name", ["", " ", "x" * 129, "a\nb", "a\0b", "İ" * 100])
def test_tenant_needs_a_name(store: Store, clock: FakeClock, name: str) -> None:
    """Also one whose slug would be too long."""
    with pytest.raises(BadRequestError):
        Tenants(store, clock).ensure(name=name, plan="free")


def test_plan_can_be_changed(store: Store, clock: FakeClock) -> None:
    """The tenant as it was is given; an unknown one is told."""
    tenants = Tenants(store, clock)
    tenants.ensure(name="Acme", plan="free")

    assert tenants.set_plan("acme", "paid").plan == "free"
    assert tenants.by_slug("acme").plan == "paid"
    with pytest.raises(NotFoundError, match="'other'"):
        tenants.set_plan("other", "paid")


def test_user_is_made_once(store: Store, clock: FakeClock) -> None:
    """The address is kept in lower case, the password only as a hash; a second time nothing changes."""
    tenants = Tenants(store, clock)

    made, is_new = tenants.ensure_user(email=" Ann@Example.ORG ", password="secret")
    again, is_new_again = tenants.ensure_user(email="ann@example.org", password="other")

    assert (is_new, is_new_again) == (True, False)
    assert made == again
    assert (made.email, made.display_name) == ("ann@example.org", "ann")
    assert passwords.verify_password(again.password_hash, "secret")


@pytest.mark.parametrize("email", ["", "ann", "@x", "ann@", "a b@x", "a\n@x", "a" * 251 + "@xyz"])
def test_user_needs_an_address(store: Store, clock: FakeClock, email: str) -> None:
    """One that a person could have."""
    with pytest.raises(BadRequestError):
        Tenants(store, clock).ensure_user(email=email, password="secret")


def test_role_is_given_and_changed(store: Store, clock: FakeClock) -> None:
    """The role before is told."""
    tenants = Tenants(store, clock)
    owner = tenant(store)
    user, _ = tenants.ensure_user(email="ann@example.org", password="secret")

    before = [tenants.ensure_role(owner, user, role) for role in ("viewer", "viewer", "admin", "admin")]

    assert before == [None, "viewer", "viewer", "admin"]
