"""The settings."""

import ipaddress
from pathlib import Path

import pytest

from exlogare_server.errors import SettingsError
from exlogare_server.settings import ALONE_VARIABLE, FILE_VARIABLE, KNOWN, Settings, describe, load

DATA = Path("/srv/exlogare")


def test_defaults() -> None:
    """Without an environment there is a database in the data folder and the contract's rate."""
    assert load({}, data_dir=DATA) == Settings(
        data_dir=DATA,
        database_url="sqlite:////srv/exlogare/exlogare.db",
        ingest_rate_per_minute=60,
        threads=32,
        in_flight_bytes_max=256 * 1024 * 1024,
        database_connections_max=16,
        redis_url=None,
        redis_away="open",
        trusted_proxies=(),
        webhook_allow=(),
        worker_threads=8,
        retention_days=365,
        secret_keys=(),
        dev=False,
    )


def test_environment_is_read() -> None:
    """Every setting has a variable; an empty one is as none."""
    env = {
        "EXLOGARE_DATABASE_URL": "sqlite:////var/x.db",
        "EXLOGARE_INGEST_RATE_PER_MINUTE": " 0 ",
        "EXLOGARE_SERVER_THREADS": "4",
        "EXLOGARE_SERVER_ENGINES": "6",
        "EXLOGARE_SERVER_IN_FLIGHT_BYTES_MAX": "200000000",
        "EXLOGARE_DATABASE_CONNECTIONS_MAX": "5",
        "EXLOGARE_REDIS_URL": "redis://:pw@cache:6379/1",
        "EXLOGARE_REDIS_AWAY": "closed",
        "EXLOGARE_TRUSTED_PROXIES": "10.0.0.5,2001:db8::/32",
        "EXLOGARE_WEBHOOK_ALLOW": "10.1.0.0/16, fd00::/8",
        "EXLOGARE_WORKER_THREADS": "3",
        "EXLOGARE_RETENTION_DAYS": "30",
        "EXLOGARE_SECRET_KEYS": "new,old",
    }
    assert {*env, FILE_VARIABLE, ALONE_VARIABLE} == set(KNOWN)

    assert load(env, data_dir=DATA, dev=True) == Settings(
        data_dir=DATA,
        database_url="sqlite:////var/x.db",
        ingest_rate_per_minute=0,
        threads=4,
        engines=6,
        in_flight_bytes_max=200_000_000,
        database_connections_max=5,
        redis_url="redis://:pw@cache:6379/1",
        redis_away="closed",
        trusted_proxies=(ipaddress.ip_network("10.0.0.5/32"), ipaddress.ip_network("2001:db8::/32")),
        webhook_allow=(ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8")),
        worker_threads=3,
        retention_days=30,
        secret_keys=("new", "old"),
        dev=True,
    )
    assert load(dict.fromkeys(env, ""), data_dir=DATA) == load({}, data_dir=DATA)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EXLOGARE_INGEST_RATE_PER_MINUTE", "many"),
        ("EXLOGARE_INGEST_RATE_PER_MINUTE", "-1"),
        ("EXLOGARE_INGEST_RATE_PER_MINUTE", "1.5"),
        ("EXLOGARE_INGEST_RATE_PER_MINUTE", "1_000"),
        ("EXLOGARE_INGEST_RATE_PER_MINUTE", "9" * 5000),
        ("EXLOGARE_SERVER_THREADS", "0"),
        ("EXLOGARE_SERVER_THREADS", "257"),
        ("EXLOGARE_SERVER_IN_FLIGHT_BYTES_MAX", "1000"),
    ],
)
def test_value_that_does_not_fit_is_refused(name: str, value: str) -> None:
    """The sentence names the variable and the range."""
    with pytest.raises(SettingsError, match=f"^{name} must be a whole number from"):
        load({name: value}, data_dir=DATA)


def test_slip_of_the_pen_is_refused() -> None:
    """A name of the server's families that is not known is told, with the nearest one that is."""
    with pytest.raises(SettingsError) as caught:
        load({"EXLOGARE_INGEST_RATE_PER_MINUT": "5"}, data_dir=DATA)

    assert str(caught.value) == (
        "The environment sets EXLOGARE_INGEST_RATE_PER_MINUT, which this version does not know: "
        "did you mean EXLOGARE_INGEST_RATE_PER_MINUTE?"
    )


@pytest.mark.parametrize("name", ["EXLOGARE_RETENTON_DAYS", "EXLOGARE_PUBLIC_URL"])
def test_environment_that_is_the_server_s_alone_holds_nothing_else(name: str) -> None:
    """Beside a client's settings such a name may be one of those; where there are none it is refused."""
    shared = {name: "30", "EXLOGARE_CACHE_DIR": "/cache"}

    assert load(shared, data_dir=DATA) == load({}, data_dir=DATA)
    assert load({"EXLOGARE_CACHE_DIR": "/cache", ALONE_VARIABLE: "yes"}, data_dir=DATA) == load({}, data_dir=DATA)
    with pytest.raises(SettingsError, match=f"The environment sets {name}, which this version does not know"):
        load({**shared, ALONE_VARIABLE: "yes"}, data_dir=DATA)


def test_setting_of_another_version_is_refused() -> None:
    """Nobody shall believe in a retention that does not happen."""
    with pytest.raises(SettingsError, match="EXLOGARE_RETENTION_HOURS"):
        load({"EXLOGARE_RETENTION_HOURS": "30"}, data_dir=DATA)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("EXLOGARE_REDIS_URL", "http://cache", "must be a URL such as redis://"),
        ("EXLOGARE_REDIS_AWAY", "shut", "must be one of open, closed"),
        ("EXLOGARE_WEBHOOK_ALLOW", "10.1.0.0/99", "must be networks such as"),
    ],
)
def test_word_that_does_not_fit_is_refused(name: str, value: str, expected: str) -> None:
    """With what was expected, and without the value, which may be a secret."""
    with pytest.raises(SettingsError, match=f"^{name} {expected}") as caught:
        load({name: value}, data_dir=DATA)

    assert value not in str(caught.value)


def test_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    """The file lies in the data folder; lists may be written as lists."""
    (tmp_path / "settings.yml").write_text(
        "retention_days: 90\nthreads: 4\nwebhook_allow:\n  - 10.1.0.0/16\n  - fd00::/8\nredis_url:\n", encoding="utf-8"
    )

    found = load({"EXLOGARE_SERVER_THREADS": "5"}, data_dir=tmp_path)

    assert (found.retention_days, found.threads, found.redis_url) == (90, 5, None)
    assert found.webhook_allow == (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8"))


def test_file_may_lie_elsewhere(tmp_path: Path) -> None:
    """Where the environment says; then it must be there."""
    path = tmp_path / "x.yml"
    path.write_text("retention_days: 7", encoding="utf-8")

    assert load({FILE_VARIABLE: str(path)}, data_dir=DATA).retention_days == 7
    with pytest.raises(SettingsError, match="cannot be read: FileNotFoundError"):
        load({FILE_VARIABLE: str(path) + "x"}, data_dir=DATA)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("retention_day: 7", "sets retention_day, which is no setting: did you mean retention_days?"),
        ("- 7", "must be a list of 'name: value' lines"),
        ("{", "is no YAML"),
        ("threads: {a: 1}", "gives threads a value that is neither plain nor a list"),
        ("threads: many", "threads must be a whole number from 1 to 256"),
        ("webhook_allow: [[1]]", "gives webhook_allow a value"),
    ],
)
def test_file_that_does_not_fit_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    """As a misspelt variable is."""
    (tmp_path / "settings.yml").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsError) as caught:
        load({}, data_dir=tmp_path)

    assert sentence in str(caught.value)


def test_settings_of_the_client_are_left_alone() -> None:
    """A server may run where builds run."""
    load({"EXLOGARE_TOKEN": "exl_x", "EXLOGARE_URL": "http://x", "EXLOGARE_ENDPOINT": "x"}, data_dir=DATA)


def test_what_is_in_force_is_shown_without_secrets(tmp_path: Path) -> None:
    """With its origin; of a URL the password and the options are hidden, of keys everything."""
    (tmp_path / "settings.yml").write_text("retention_days: 7", encoding="utf-8")
    env = {
        "EXLOGARE_DATABASE_URL": "postgresql://exl:s3cret@db.example/exl?sslpassword=s3cret",
        "EXLOGARE_REDIS_URL": "redis://:s3cret@cache:6379/1",
        "EXLOGARE_SECRET_KEYS": "s3cret",
        "EXLOGARE_WEBHOOK_ALLOW": "10.1.0.0/16,fd00::/8",
    }

    shown = describe(env, load(env, data_dir=tmp_path))

    rows = {row.field: (row.value, row.origin) for row in shown}
    assert set(rows) == set(Settings.__struct_fields__) - {"dev"}
    assert rows["database_url"] == ("postgresql://exl:(hidden)@db.example/exl?(hidden)", "EXLOGARE_DATABASE_URL")
    assert rows["redis_url"] == ("redis://:(hidden)@cache:6379/1", "EXLOGARE_REDIS_URL")
    assert rows["secret_keys"] == ("(hidden)", "EXLOGARE_SECRET_KEYS")
    assert rows["webhook_allow"] == ("10.1.0.0/16,fd00::/8", "EXLOGARE_WEBHOOK_ALLOW")
    assert rows["retention_days"] == ("7", "file")
    assert rows["threads"] == ("32", "default")
    assert "s3cret" not in str(shown)


def test_url_without_secrets_is_shown_and_another_text_is_not(tmp_path: Path) -> None:
    """What cannot be read as a URL may be anything."""

    def url_of(text: str) -> str:
        env = {"EXLOGARE_DATABASE_URL": text}
        return next(row.value for row in describe(env, load(env, data_dir=tmp_path)) if row.field == "database_url")

    assert url_of("sqlite:////srv/x.db") == "sqlite:////srv/x.db"
    assert url_of("postgresql://u:p@ss@word@h/d") == "(hidden)"
    assert url_of("host=h password=p") == "(hidden)"
