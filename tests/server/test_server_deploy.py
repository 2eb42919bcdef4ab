"""The files in ``deploy/`` name commands, settings and limits that exist."""

import ipaddress
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from exlogare_server import limits, settings
from exlogare_server.cli.commands import main
from exlogare_server.errors import SettingsError

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"


def text_of(name: str) -> str:
    """A file's text."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def check_command(words: list[str]) -> None:
    """Have a command line parsed, but not run."""
    name, *arguments = words
    command = main.commands[name]
    command.make_context(name, arguments)


def compose() -> dict[str, Any]:
    """What stands in ``compose.yml``."""
    found: dict[str, Any] = yaml.safe_load(text_of("compose.yml"))
    return found


def test_compose_runs_what_exists() -> None:
    """Every command of ours, and every setting."""
    ours = {name: service for name, service in compose()["services"].items() if service["image"] == "exlogare-server"}

    assert sorted(ours) == ["migrate", "server1", "server2", "worker1", "worker2"]
    for service in ours.values():
        check_command(service["command"])
        assert set(service["environment"]) <= set(settings.KNOWN)
        assert service["read_only"] is True
    assert all("--no-worker" in ours[name]["command"] for name in ("server1", "server2"))


def test_compose_header_runs_what_exists() -> None:
    """The commands that a new user copies from it."""
    head = text_of("compose.yml").partition("x-server:")[0].replace("\\\n#", "")
    commands = [shlex.split(found) for found in re.findall(r" -T migrate ([^<\n]+)", head)]

    assert [words[:2] for words in commands] == [["init", "--data"], ["token", "create"]]
    for words in commands:
        check_command(words)


def test_no_dependency_has_dependencies() -> None:
    """Podman-compose starts nothing whose dependency has ended, or is just being started again, and has some itself."""
    services = compose()["services"]
    needed = {name: tuple(service.get("depends_on", ())) for name, service in services.items()}

    assert needed == {
        **dict.fromkeys(("nginx", "postgres", "valkey"), ()),
        **dict.fromkeys(("migrate", "server1", "server2", "worker1", "worker2"), ("postgres", "valkey")),
    }
    assert all(not needed[other] for others in needed.values() for other in others)


def test_proxy_knows_the_addresses_that_servers_have() -> None:
    """Fixed ones, which no other container is given, and for which nginx needs nobody to ask."""
    found = compose()
    (pool,) = found["networks"]["default"]["ipam"]["config"]
    network, given_out = (ipaddress.ip_network(pool[key]) for key in ("subnet", "ip_range"))
    addresses = {
        name: service["networks"]["default"]["ipv4_address"]
        for name, service in found["services"].items()
        if "networks" in service
    }

    assert found["services"]["nginx"]["extra_hosts"] == [f"{name}:{address}" for name, address in addresses.items()]
    assert re.findall(r"server (\S+):8080", text_of("nginx.conf")) == list(addresses)
    for address in addresses.values():
        assert ipaddress.ip_address(address) in network
        assert ipaddress.ip_address(address) not in given_out


def test_database_is_ready_when_it_answers_by_tcp() -> None:
    """While the image sets a new one up, PostgreSQL answers on its Unix socket only."""
    assert "-h" in compose()["services"]["postgres"]["healthcheck"]["test"]


def test_what_compose_asks_for_is_in_the_example() -> None:
    """Each variable that must be given, and none that is not used."""
    used = set(re.findall(r"\$\{([A-Z_]+)", text_of("compose.yml")))
    given = set(re.findall(r"^([A-Z_]+)=", text_of("example.env"), re.MULTILINE))

    assert {"POSTGRES_PASSWORD", "EXLOGARE_SECRET_KEYS"} <= given <= used


def environment_of(service: dict[str, Any], written: str) -> dict[str, str]:
    """What a container of ours has: from the image, from ``.env``, and from the service, which goes before it."""
    given = dict(line.split("=", 1) for line in written.splitlines() if line and not line.startswith("#"))
    image = dict(re.findall(r"^(?:ENV)? +(EXLOGARE_\w+)=(\S+)", text_of("Containerfile"), re.MULTILINE))

    def fill_in(found: re.Match[str]) -> str:
        return given.get(found[1], "") or found[2] or ""

    own = {
        name: re.sub(r"\$\{([A-Z_]+)(?::[-?]([^}]*))?\}", fill_in, value)
        for name, value in service["environment"].items()
    }
    return {**image, **(given if ".env" in service["env_file"] else {}), **own}


FILLED_IN = "POSTGRES_PASSWORD=pw\nEXLOGARE_SECRET_KEYS=key\n"


def test_settings_in_env_reach_every_service_of_ours() -> None:
    """Each that is written there, as it is; nothing has to be written in the services as well."""
    written = FILLED_IN + "EXLOGARE_RETENTION_DAYS=30\nEXLOGARE_WEBHOOK_ALLOW=10.1.0.0/16\nEXLOGARE_SERVER_ENGINES=4\n"
    for service in compose()["services"].values():
        if service["image"] == "exlogare-server":
            found = settings.load(environment_of(service, written), data_dir=Path("/data"))

            assert (found.retention_days, found.engines, found.secret_keys) == (30, 4, ("key",))
            assert found.webhook_allow == (ipaddress.ip_network("10.1.0.0/16"),)
            assert found.database_url == "postgresql://exlogare:pw@postgres/exlogare"
            assert found.trusted_proxies == (ipaddress.ip_network("10.89.77.0/24"),)
        else:
            assert "env_file" not in service


@pytest.mark.parametrize("name", ["EXLOGARE_RETENTON_DAYS", "EXLOGARE_SERVER_ENGINE", "EXLOGARE_PUBLIC_URL"])
def test_unknown_setting_in_env_is_refused(name: str) -> None:
    """Before a service serves anything."""
    for service in compose()["services"].values():
        if service["image"] == "exlogare-server":
            with pytest.raises(SettingsError, match=name):
                settings.load(environment_of(service, f"{FILLED_IN}{name}=1\n"), data_dir=Path("/data"))


def test_settings_in_the_example_exist_and_have_their_defaults() -> None:
    """Taking the marks of a comment away changes nothing, but for the networks, of which there is no default."""
    examples = dict(re.findall(r"^#(EXLOGARE_\w+)=(.+)$", text_of("example.env"), re.MULTILINE))
    assert examples.pop("EXLOGARE_WEBHOOK_ALLOW")

    assert set(examples) < set(settings.KNOWN)
    assert settings.load(examples, data_dir=Path("/data")) == settings.load({}, data_dir=Path("/data"))


def test_proxy_writes_no_body_to_a_file_and_takes_the_largest() -> None:
    """The two settings that matter, and the servers that there are."""
    text = text_of("nginx.conf")
    size = re.search(r"client_max_body_size (\d+)m;", text)

    assert size is not None
    assert int(size[1]) * limits.MIB > limits.BODY_BYTES_MAX
    assert "proxy_request_buffering off;" in text
    assert re.findall(r"server (server\d):8080", text) == ["server1", "server2"]


@pytest.mark.parametrize("line", ["ExecStart", "ExecStartPre"])
def test_unit_runs_what_exists(line: str) -> None:
    """The commands of the systemd unit."""
    found = re.search(rf"^{line}=(.*)$", text_of("exlogare-server.service"), re.MULTILINE)
    assert found is not None
    program, *words = shlex.split(found[1])

    assert program.endswith("/exlogare-server")
    check_command(words)


@pytest.mark.slow
@pytest.mark.needs("systemd")
def test_unit_is_one_to_systemd(tmp_path: Path) -> None:
    """Its own check finds nothing, but that the program is not installed here."""
    unit = tmp_path / "exlogare-server.service"
    program = "/usr/local/lib/exlogare/bin/exlogare-server"
    unit.write_text(text_of("exlogare-server.service").replace(program, "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.returncode, [line for line in done.stderr.splitlines() if unit.name in line]) == (0, [])


def test_image_runs_what_exists() -> None:
    """The default command of the container."""
    found = re.search(r"^CMD (\[.*\])$", text_of("Containerfile"), re.MULTILINE)
    assert found is not None

    check_command(yaml.safe_load(found[1]))


def test_stops_wait_longer_than_the_server_needs() -> None:
    """What was taken is finished before anybody kills the process."""
    unit = re.search(r"^TimeoutStopSec=(\d+)$", text_of("exlogare-server.service"), re.MULTILINE)
    waits_s = [int(text) for text in re.findall(r"stop_grace_period: (\d+)s", text_of("compose.yml"))]
    assert unit is not None

    assert min([int(unit[1]), *waits_s]) > limits.SHUTDOWN_S_MAX
    assert isinstance(main, click.Group)
