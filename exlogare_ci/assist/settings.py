"""How the model is reached: three variables that turn it on, and two limits."""

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from exlogare_ci.errors import SettingsError

BASE_URL_VARIABLE = "EXLOGARE_LLM_BASE_URL"
TIMEOUT_S = 10.0
TIMEOUT_S_MAX = 60.0
"""A developer waits for a failed job no longer than this for better words."""
THRESHOLD = 0.4
"""The engine's own ``DOUBT``: below it the analysis says of itself that it is not sure."""

_MODEL = re.compile(r"[\w./:@+-]{1,200}")
_KEY = re.compile(r"[!-~]{1,4096}")  # visible ASCII: anything else would break the header
_TRUE = frozenset({"1", "true", "yes", "on"})


class AssistSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the model is, and how far to trust and to wait for it.

    Attributes:
        base_url: the endpoint without a slash at its end; ``/chat/completions`` is put behind it.
        model: the model's name there.
        api_key: sent as a bearer; ``None`` sends none.
        timeout_s: the budget of one question, 1 to 60.
        threshold: the model is asked about analyses whose confidence is below this, 0 to 1.
        ca_bundle: a file of certificates to trust instead of the system's; TLS is always verified.
    """

    base_url: str
    model: str
    api_key: str | None = None
    timeout_s: float = TIMEOUT_S
    threshold: float = THRESHOLD
    ca_bundle: str | None = None

    def __repr__(self) -> str:
        return f"AssistSettings({self.model} at {self.base_url})"  # never the key

    @property
    def is_loopback(self) -> bool:
        """Whether the endpoint is on this machine."""
        return _is_loopback(urlsplit(self.base_url).hostname or "")


def load(env: Mapping[str, str]) -> AssistSettings | None:
    """Read the settings.

    Args:
        env: the environment.

    Returns:
        The settings; ``None`` when no endpoint is set, which is the default.

    Raises:
        SettingsError: a value cannot be used, or masked lines would travel unencrypted to another machine.
    """
    base_url = env.get(BASE_URL_VARIABLE, "").strip()
    if not base_url:
        return None
    model = env.get("EXLOGARE_LLM_MODEL", "").strip()
    if not _MODEL.fullmatch(model):
        raise SettingsError(
            f"{BASE_URL_VARIABLE} is set, but EXLOGARE_LLM_MODEL {'is no model name' if model else 'is not'}.",
            "Set it to the model's name at that endpoint, or unset both.",
        )
    key = env.get("EXLOGARE_LLM_API_KEY", "").strip()
    if key and not _KEY.fullmatch(key):
        raise SettingsError("EXLOGARE_LLM_API_KEY is no key.", "A key has no spaces and only ASCII characters.")
    allow_http = env.get("EXLOGARE_ALLOW_HTTP", "").strip().lower() in _TRUE
    return AssistSettings(
        base_url=_checked_url(base_url, allow_http=allow_http),
        model=model,
        api_key=key or None,
        timeout_s=_number(env, "EXLOGARE_LLM_TIMEOUT", TIMEOUT_S, 1, TIMEOUT_S_MAX),
        threshold=_number(env, "EXLOGARE_LLM_THRESHOLD", THRESHOLD, 0, 1),
        ca_bundle=env.get("EXLOGARE_CA_BUNDLE", "").strip() or None,
    )


def _checked_url(value: str, *, allow_http: bool) -> str:
    wanted = f"Give the address before /chat/completions, e.g. {BASE_URL_VARIABLE}=https://llm.example.org/v1."
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port != 0
    except ValueError:
        raise SettingsError(f"{BASE_URL_VARIABLE} is no URL.", wanted) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid:
        raise SettingsError(f"{BASE_URL_VARIABLE} is no http or https URL.", wanted)
    if "@" in parts.netloc:
        raise SettingsError(
            f"{BASE_URL_VARIABLE} holds a user name or a key.", f"{wanted} Put the key in EXLOGARE_LLM_API_KEY."
        )
    if parts.query or parts.fragment or not value.isprintable() or " " in value:
        raise SettingsError(f"{BASE_URL_VARIABLE} has more than an address in it.", wanted)
    if parts.scheme == "http" and not allow_http and not _is_loopback(parts.hostname):
        raise SettingsError(
            f"{BASE_URL_VARIABLE} is plain HTTP, which would show lines of the log to anyone on the way.",
            "Use its https:// address, or set EXLOGARE_ALLOW_HTTP=1 if the network is yours alone.",
        )
    return value.rstrip("/").removesuffix("/chat/completions")


def _is_loopback(host: str) -> bool:
    if host.rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _number(env: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    value = env.get(name, "").strip()
    if not value:
        return default
    try:
        number = float(value)
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingsError(f"{name} is {value[:80]!r}.", f"Give a number from {least:g} to {most:g}.")
    return number
