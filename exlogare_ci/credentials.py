"""Where the token comes from: the environment, else a file if somebody asked for one, else the system's keychain."""

import queue
import re
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol, TypeVar, cast

import msgspec

from exlogare_ci import profiles
from exlogare_ci.errors import KeychainError, MissingSettingError, SettingsError
from exlogare_ci.transport import origin

SERVICE = "exlogare"
"""The keychain's name for our entries; the account is the server's origin, or ``default``."""
DEFAULT_ACCOUNT = "default"
KEYCHAIN_TIMEOUT_S = 20.0
"""Long enough to type the keychain's password, short enough that nothing hangs."""

_ELSE = "set EXLOGARE_TOKEN instead, or keep the token in a file that only you can read: exl auth login --in-file."
_TOKEN = re.compile(r"[!-~]{1,4096}")  # visible ASCII: anything else would break the header
_Result = TypeVar("_Result")


class Keychain(Protocol):
    """What we use of the ``keyring`` package."""

    def get_password(self, service_name: str, username: str, /) -> str | None:
        """Give a stored secret; ``None`` when there is none."""

    def set_password(self, service_name: str, username: str, password: str, /) -> None:
        """Store a secret."""

    def delete_password(self, service_name: str, username: str, /) -> None:
        """Remove a secret."""


class Credential(msgspec.Struct, frozen=True):
    """A token and where it was found.

    Attributes:
        token: the raw token.
        source: ``EXLOGARE_TOKEN``, ``file`` or ``keychain``.
    """

    token: str
    source: str

    def __repr__(self) -> str:
        return f"Credential({shown(self.token)}, {self.source})"


def find(
    env: Mapping[str, str],
    url: str | None,
    *,
    use_keychain: bool = True,
    open_keychain: Callable[[], Keychain] | None = None,
) -> Credential:
    """Find the token for a server.

    Args:
        env: the environment; ``EXLOGARE_TOKEN`` wins, but where a profile is named.
        url: the server's root.
        use_keychain: whether to ask the keychain at all; in a CI job there is none to ask.
        open_keychain: gives the keychain; the system's when ``None``.

    Returns:
        The token.

    Raises:
        MissingSettingError: there is none.
        SettingsError: ``EXLOGARE_TOKEN`` is no token, or the file of tokens cannot be used.
        KeychainError: there is no other place to look, and the keychain cannot be asked.
    """
    profile = profiles.named(env)
    value = env.get("EXLOGARE_TOKEN", "").strip() if profile is None else ""
    if value:
        return Credential(checked_token(value, "EXLOGARE_TOKEN"), "EXLOGARE_TOKEN")
    accounts = _accounts(url, profile)
    tokens = profiles.read(profiles.file_of(env)).tokens
    for account in accounts:
        if account in tokens:
            return Credential(checked_token(tokens[account].strip(), "the file's token"), "file")
    if use_keychain:
        keychain = (open_keychain or system_keychain)()
        for account in accounts:
            stored = _ask(partial(keychain.get_password, SERVICE, account))
            if stored:
                return Credential(checked_token(stored.strip(), "the keychain's token"), "keychain")
    if profile is not None:
        raise MissingSettingError(
            f"No token is kept for the profile {profile!r}.", f"Run: exl auth login --profile {profile}"
        )
    raise MissingSettingError(
        "No token is set.",
        "Set EXLOGARE_TOKEN, or run `exl auth login`."
        if use_keychain
        else "Set EXLOGARE_TOKEN in the job; CI services keep secrets from builds of forks.",
    )


def store(
    token: str,
    url: str | None,
    profile: str | None = None,
    *,
    file: profiles.TokenFile | None = None,
    open_keychain: Callable[[], Keychain] | None = None,
) -> None:
    """Keep a token in the keychain, or in a file.

    Args:
        token: the raw token.
        url: the server that it is for; ``None`` for any.
        profile: the profile that it is for; ``None`` for none.
        file: where to keep it instead of the keychain.
        open_keychain: see ``find``.

    Raises:
        SettingsError: it is no token, or the file cannot be written.
        KeychainError: the keychain does not take it.
    """
    checked = checked_token(token.strip(), "what you gave")
    account = _accounts(url, profile)[0]
    if file is not None:
        file.set_password(SERVICE, account, checked)
        return
    keychain = (open_keychain or system_keychain)()
    _ask(lambda: keychain.set_password(SERVICE, account, checked))


def forget(
    url: str | None,
    profile: str | None = None,
    *,
    file: profiles.TokenFile | None = None,
    open_keychain: Callable[[], Keychain] | None = None,
) -> int:
    """Remove the tokens that ``find`` would find.

    Args:
        url: the server.
        profile: see ``store``.
        file: where to look beside the keychain. Once something was found there, the keychain may be missing.
        open_keychain: see ``find``.

    Returns:
        How many there were.

    Raises:
        KeychainError: the keychain cannot be asked.
        SettingsError: the file cannot be used.
    """
    in_file = forget_in_file(url, profile, file) if file is not None else 0
    try:
        keychain = (open_keychain or system_keychain)()
        return in_file + sum(_ask(partial(_remove, keychain, account)) for account in _accounts(url, profile))
    except KeychainError:
        if in_file:
            return in_file
        raise


def forget_in_file(url: str | None, profile: str | None, file: profiles.TokenFile) -> int:
    """Do as ``forget`` for the file alone."""
    return sum(_remove(file, account) for account in _accounts(url, profile))


def _remove(keychain: Keychain, account: str) -> int:
    if keychain.get_password(SERVICE, account) is None:
        return 0
    keychain.delete_password(SERVICE, account)
    return 1


def shown(token: str) -> str:
    """Give as much of a token as the server shows, too: its first 12 characters."""
    return token[:12] + "…" if len(token) > 24 else "…"  # noqa: PLR2004 - of a short one nothing


def checked_token(value: str, source: str) -> str:
    """Refuse what would not pass as a header's value.

    Raises:
        SettingsError: it is empty, too long, or has characters that no token has.
    """
    if not _TOKEN.fullmatch(value):
        raise SettingsError(
            f"{source} is no API token.",
            "A token starts with exl_ and has no spaces; create one on the server.",
        )
    return value


def system_keychain() -> Keychain:
    """Open the system's keychain.

    Raises:
        KeychainError: the package for it is broken or finds none.
    """
    try:
        import keyring  # noqa: PLC0415 - slow to import, and only needed where no variable is set
        from keyring.backends.fail import Keyring as NoKeyring  # noqa: PLC0415 - see above
    except ImportError:  # the container images and the single file leave it out
        raise KeychainError("This exl comes without a keychain.", _ELSE[0].upper() + _ELSE[1:]) from None

    backend = _ask(keyring.get_keyring)
    if isinstance(backend, NoKeyring):
        raise KeychainError("This system has no keychain that exl can use.", _ELSE[0].upper() + _ELSE[1:])
    return backend


def _accounts(url: str | None, profile: str | None) -> tuple[str, ...]:
    if profile is not None:
        return (profiles.account_of(profile),)
    return (origin(url), DEFAULT_ACCOUNT) if url else (DEFAULT_ACCOUNT,)


def _ask(call: Callable[[], _Result]) -> _Result:
    """Call the keychain, and give up when it hangs, e.g. on a dialogue that nobody sees."""
    box: queue.SimpleQueue[tuple[bool, object]] = queue.SimpleQueue()

    def run() -> None:
        try:
            box.put((True, call()))
        except Exception as error:  # noqa: BLE001 - back-ends raise whatever their system raises
            box.put((False, error))

    threading.Thread(target=run, name="exlogare-keychain", daemon=True).start()
    fix = f"Unlock it, {_ELSE}"
    try:
        succeeded, result = box.get(timeout=KEYCHAIN_TIMEOUT_S)
    except queue.Empty:
        raise KeychainError(f"The keychain did not answer within {KEYCHAIN_TIMEOUT_S:.0f} s.", fix) from None
    if not succeeded:
        reason = " ".join(str(result).split()) or type(result).__name__
        raise KeychainError(f"The keychain cannot be used: {reason}.", fix)
    return cast("_Result", result)
