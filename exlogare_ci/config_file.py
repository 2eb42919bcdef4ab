"""``.exlogare.yml``, the project's own settings, and signatures of the user's own in it and in files beside it.

A file is input like any other: limited in size, refused with a sentence, never guessed at.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exlogare_ci.analysis.catalog import Catalog
    from exlogare_ci.analysis.signatures.base import Signature

CONFIG_FILE_NAME = ".exlogare.yml"
FILE_BYTES_MAX = 1024 * 1024
"""Five hundred signatures with every field filled in take about half of it."""

KNOWN_KEYS: Mapping[str, str] = {
    "signatures": "lines that your own tools print, and what they mean",
}
"""Every key at the top of ``.exlogare.yml``, with its meaning."""

TEXT_CHARS_MAX = 2_000
"""Of each text of a signature, so that what is filled in still fits the limits of an analysis."""
WEIGHT_MAX = 3.0
"""The same bound as for built-in signatures: about what a failing step counts in the score."""

_TEMPLATES = ("title", "explain", "fix")
_ID = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")


class ConfigError(ValueError):
    """A file of settings cannot be used; the message says which, why, and what to change."""


def read_config(folder: Path) -> dict[str, Any]:
    """Read ``.exlogare.yml``.

    Args:
        folder: where it is looked for; not in the folders above.

    Returns:
        What stands under each of ``KNOWN_KEYS`` that it has; empty when there is no file or nothing in it.

    Raises:
        ConfigError: it cannot be read, is no YAML, or has an unknown key.
    """
    path = folder / CONFIG_FILE_NAME
    if not path.exists():
        return {}
    if not path.is_file():  # a pipe would be waited on for ever
        raise ConfigError(f"{CONFIG_FILE_NAME} is no file. Remove it, or put a file in its place.")
    loaded = _load_yaml(_text(path), CONFIG_FILE_NAME)
    if loaded is None:
        return {}
    known = ", ".join(f"`{key}`" for key in KNOWN_KEYS)
    if not isinstance(loaded, dict):
        raise ConfigError(f"{CONFIG_FILE_NAME} is no mapping. At its top it takes the keys {known}.")
    unknown = sorted(str(key) for key in loaded if key not in KNOWN_KEYS)
    if unknown:
        raise ConfigError(f"{CONFIG_FILE_NAME}: unknown key {unknown[0][:80]!r}. Known are: {known}.")
    return loaded


def read_signatures(files: Sequence[str], folder: Path) -> "tuple[Signature, ...]":
    """Read the user's own signatures: those of ``.exlogare.yml`` first, then those of the files, in their order.

    Args:
        files: the files that were named.
        folder: where ``.exlogare.yml`` is looked for.

    Returns:
        The signatures, none where neither has any.

    Raises:
        ConfigError: a file cannot be read, or something in it cannot be used.
    """
    listed = read_config(folder).get("signatures")
    if listed is None and not files:
        return ()
    from exlogare_ci.analysis.signatures import SIGNATURES  # noqa: PLC0415 - only where there are some to add

    found: tuple[Signature, ...] = ()
    taken = {signature.id for signature in SIGNATURES}
    if listed is not None:
        found = _parsed(_dump_yaml({"signatures": listed}, CONFIG_FILE_NAME), CONFIG_FILE_NAME, taken)
    for file in files:
        added = _parsed(_text(Path(file)), file, taken | {signature.id for signature in found})
        found += added
    return found


def user_catalog(files: Sequence[str], folder: Path) -> "Catalog | None":
    """Compile the user's own signatures together with the built-in ones, or load what was compiled before.

    Args:
        files: see ``read_signatures``.
        folder: see ``read_signatures``.

    Returns:
        The catalogue for ``analyze``; ``None`` when the user has no signatures.

    Raises:
        ConfigError: see ``read_signatures``; or there are too many, too large ones for one catalogue.
    """
    extra = read_signatures(files, folder)
    if not extra:
        return None
    import hyperscan  # noqa: PLC0415 - the engine is only loaded where there are signatures

    from exlogare_ci.analysis.catalog import catalog  # noqa: PLC0415

    try:
        return catalog(extra)
    except hyperscan.error as error:
        raise ConfigError(f"your {len(extra)} signatures cannot be compiled together: {error}.") from error


def _parsed(text: str, source: str, taken: set[str]) -> "tuple[Signature, ...]":
    from exlogare_ci.analysis.custom_signatures import SignatureError, parse  # noqa: PLC0415 - loads the engine

    try:
        signatures = parse(text, source=source, taken=frozenset(taken))
    except SignatureError as error:
        raise ConfigError(str(error)) from error
    except Exception as error:
        # PyYAML hands on whatever building a value raised, e.g. ValueError for the date 2026-13-01.
        raise ConfigError(f"{source} is not a signature file: {_first_line(error)}.") from error
    for signature in signatures:
        _check_fields(signature, source)
        _check_templates(signature, source)
    return signatures


def _check_fields(signature: "Signature", source: str) -> None:
    """Refuse names, texts and weights that would show as nonsense in an analysis or outweigh everything.

    Raises:
        ConfigError: see above.
    """
    if not _ID.fullmatch(signature.id):
        raise ConfigError(f"{source}: the id {signature.id[:80]!r} must be like tool.what, in lower case.")
    where = f"{source} ({signature.id})"
    if not signature.tool.isprintable() or not signature.tool.strip():
        raise ConfigError(f"{where}: `tool` needs the tool's name.")
    if not -WEIGHT_MAX <= signature.weight <= WEIGHT_MAX:
        raise ConfigError(f"{where}: `weight` is {signature.weight}; it goes from -{WEIGHT_MAX:g} to {WEIGHT_MAX:g}.")
    for field in _TEMPLATES:
        if len(getattr(signature, field)) > TEXT_CHARS_MAX:
            raise ConfigError(f"{where}: `{field}` has more than {TEXT_CHARS_MAX} characters.")


def _check_templates(signature: "Signature", source: str) -> None:
    """Refuse texts whose braces cannot be filled, or are filled with more than a name's value.

    Raises:
        ConfigError: see above.
    """
    allowed = {"text", *(re.compile(signature.extract).groupindex if signature.extract else ())}
    for field in _TEMPLATES:
        where = f"{source} ({signature.id}): `{field}`"
        try:
            parts = list(Formatter().parse(getattr(signature, field)))
        except ValueError as error:
            raise ConfigError(f"{where}: {error}. Write {{{{ and }}}} for braces.") from error
        for _, name, layout, conversion in parts:
            if name is None:
                continue
            if layout or conversion:
                raise ConfigError(f"{where}: {{{name}}} takes no format. Write the name alone.")
            if name not in allowed:
                names = ", ".join(f"{{{each}}}" for each in sorted(allowed))
                raise ConfigError(f"{where}: there is no {{{name}}}. `extract` and the line give: {names}.")


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"cannot read {path}: {reason}.") from error
    if len(data) > FILE_BYTES_MAX:
        raise ConfigError(f"{path} is larger than {FILE_BYTES_MAX} bytes. Split it, and name each part.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not UTF-8: byte {error.start + 1} is wrong.") from error


def _load_yaml(text: str, source: str) -> Any:
    import yaml  # noqa: PLC0415 - only where there is a file

    try:
        return yaml.safe_load(text)
    except Exception as error:  # see _parsed; RecursionError for thousands of brackets, too
        raise ConfigError(f"{source} is no YAML that can be read: {_first_line(error)}.") from error


def _dump_yaml(document: Any, source: str) -> str:
    import yaml  # noqa: PLC0415 - only where there is a file

    try:
        text: str = yaml.safe_dump(document, sort_keys=False)
    except RecursionError as error:
        raise ConfigError(f"{source} is nested too deeply.") from error
    return text


def _first_line(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or error or type(error).__name__).splitlines() or [type(error).__name__]
    place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark is not None else ""
    return f"{said[0].rstrip('.')[:200]}{place}"
