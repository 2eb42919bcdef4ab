"""The settings."""

from pathlib import Path

import pytest

from exlogare_server.errors import SettingsError
from exlogare_server.settings import KNOWN, Settings, load

DATA = Path("/srv/exlogare")


def test_defaults() -> None:
    """Without an environment there is a database in the data folder and the contract's rate."""
    assert load({}, data_dir=DATA) == Settings(
        data_dir=DATA,
        database_url="sqlite:////srv/exlogare/exlogare.db",
        ingest_rate_per_minute=60,
        threads=32,
        in_flight_bytes_max=256 * 1024 * 1024,
        dev=False,
    )


def test_environment_is_read() -> None:
    """Every setting has a variable; an empty one is as none."""
    env = {
        "EXLOGARE_DATABASE_URL": "sqlite:////var/x.db",
        "EXLOGARE_INGEST_RATE_PER_MINUTE": " 0 ",
        "EXLOGARE_SERVER_THREADS": "4",
        "EXLOGARE_SERVER_IN_FLIGHT_BYTES_MAX": "200000000",
    }
    assert set(env) == set(KNOWN)

    assert load(env, data_dir=DATA, dev=True) == Settings(
        data_dir=DATA,
        database_url="sqlite:////var/x.db",
        ingest_rate_per_minute=0,
        threads=4,
        in_flight_bytes_max=200_000_000,
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


def test_setting_of_another_version_is_refused() -> None:
    """Nobody shall believe in a retention that does not happen."""
    with pytest.raises(SettingsError, match="EXLOGARE_RETENTION_DAYS"):
        load({"EXLOGARE_RETENTION_DAYS": "30"}, data_dir=DATA)


def test_settings_of_the_client_are_left_alone() -> None:
    """A server may run where builds run."""
    load({"EXLOGARE_TOKEN": "exl_x", "EXLOGARE_URL": "http://x", "EXLOGARE_ENDPOINT": "x"}, data_dir=DATA)
