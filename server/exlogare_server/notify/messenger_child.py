"""A process that sends messages through apprise, and can do nothing else.

Apprise knows a hundred services, and each of its plugins connects by itself; some read files, some talk to
the machine they run on. So it runs in a process of its own, under an audit hook (PEP 578) that sees every
connection with the address it really goes to, and every file that is opened. The process is told what to do by
lines of JSON on its standard input, so that no secret stands in its arguments, and ends with it.
"""

import os
import resource
import sys
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from exlogare_server.notify.addresses import Policy

# Plugins whose message would go to the server's own desktop or log; and files, which no receiver is.
_LOCAL = ("dbus", "glib", "gnome", "macosx", "syslog", "windows")
# What resolving names, verifying certificates and loading plugins read.
_READABLE = (
    "/dev/null", "/dev/urandom", "/etc/gai.conf", "/etc/host.conf", "/etc/hosts", "/etc/localtime", "/etc/mime.types",
    "/etc/nsswitch.conf", "/etc/pki", "/etc/protocols", "/etc/resolv.conf", "/etc/services", "/etc/ssl",
    "/etc/timezone", "/usr/lib/ssl", "/usr/local/etc/ssl", "/usr/local/share/ca-certificates",
    "/usr/share/ca-certificates", "/usr/share/zoneinfo", "/etc/ca-certificates",
)  # fmt: skip
_REFUSED = ("subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "ctypes.dlopen")


class Job(msgspec.Struct, frozen=True):
    """What to do: with a title send a message, without one say what the URL is."""

    url: str
    title: str = ""
    body: str = ""


class Done(msgspec.Struct, frozen=True):
    """How it went.

    Attributes:
        ok: the URL is one of a service, and the message was taken.
        shown: the URL without its secrets.
        host: where messages go, if the URL says so and not the service.
        error: why not, as a sentence.
    """

    ok: bool
    shown: str = ""
    host: str = ""
    error: str | None = None


class Guard:
    """The audit hook.

    Args:
        policy: which addresses may be connected to.
        readable: files and folders that may be read.
    """

    def __init__(self, policy: Policy, readable: tuple[str, ...]) -> None:
        self._policy = policy
        self._readable = readable
        self.refused_address = False

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """See an event before it happens."""
        if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
            self._check_address(arguments[1])
        elif event == "open":
            self._check_file(arguments[0], arguments[1], arguments[2])
        elif event.startswith(_REFUSED):
            _refuse(event)

    def _check_address(self, address: Any) -> None:
        if isinstance(address, tuple) and self._policy.permits(str(address[0])):
            return
        self.refused_address = True
        _refuse("connection")

    def _check_file(self, path: Any, mode: Any, flags: Any) -> None:
        if isinstance(path, int):
            return
        writes = isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)
        real = os.path.realpath(os.fsdecode(path))
        inside = any(real == allowed or real.startswith(allowed.rstrip("/") + "/") for allowed in self._readable)
        if writes or (isinstance(mode, str) and set(mode) & set("wax+")) or not inside:
            _refuse("file")


def _refuse(what: str) -> NoReturn:
    raise PermissionError(f"refused: {what}")


def main() -> None:
    """Answer line by line until the input ends."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    settings = msgspec.json.decode(sys.stdin.buffer.readline(), type=dict[str, Any])
    guard = _set_up(Policy(_networks(settings["allow"]), dev=bool(settings["dev"])))
    jobs = msgspec.json.Decoder(Job)
    for line in sys.stdin.buffer:
        guard.refused_address = False
        sys.stdout.buffer.write(msgspec.json.encode(_do(jobs.decode(line), guard)) + b"\n")
        sys.stdout.buffer.flush()


def _networks(texts: list[str]) -> list[Any]:
    import ipaddress  # noqa: PLC0415 - the parent has parsed them before

    return [ipaddress.ip_network(text) for text in texts]


def _set_up(policy: Policy) -> Guard:
    import apprise  # noqa: PLC0415 - only this process loads it
    import certifi  # noqa: PLC0415 - comes with requests, which apprise uses
    import requests  # noqa: PLC0415

    # Redirects are not followed: the answer that asks for one is the answer.
    requests.Session.get_redirect_target = lambda *_: None  # type: ignore[method-assign]
    # Loads all plugins, whose folders are looked at here for the last time.
    apprise.Apprise.instantiate("json://localhost")
    mine = (sys.prefix, sys.base_prefix, *sys.path, str(Path(certifi.where()).parent))
    bundles = tuple(os.environ.get(name, "") for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"))
    readable = tuple({os.path.realpath(path) for path in (*_READABLE, *mine, *bundles) if path})
    guard = Guard(policy, readable)
    sys.addaudithook(guard)
    return guard


def _do(job: Job, guard: Guard) -> Done:
    import apprise  # noqa: PLC0415 - see _set_up

    plugin: Any = None
    try:
        plugin = apprise.Apprise.instantiate(job.url)
        if plugin is None or type(plugin).__module__.split(".")[2] in _LOCAL:
            return Done(ok=False, error="This is no URL of a messenger that can be sent to from here.")
        if not job.title:
            return Done(ok=True, shown=str(plugin.url(privacy=True)).partition("?")[0], host=_host(plugin))
        taken = plugin.notify(title=job.title, body=job.body, body_format=apprise.NotifyFormat.TEXT)
    except Exception as error:  # noqa: BLE001 - whatever a plugin does; its text may hold the URL
        taken = False
        kind = type(error).__name__
    else:
        kind = "refused or not reachable"
    if taken:
        return Done(ok=True)
    if guard.refused_address:
        return Done(ok=False, error="The messenger's host has an address to which this server does not send.")
    return Done(ok=False, error=f"The messenger did not take the message ({kind}).")


def _host(plugin: Any) -> str:
    """Give the host that the URL names; a service with an address of its own keeps other things there."""
    shown = str(plugin.url(privacy=True))
    host = getattr(plugin, "host", None)
    return host if isinstance(host, str) and f"{host}" in shown.partition("?")[0] else ""


if __name__ == "__main__":
    main()
