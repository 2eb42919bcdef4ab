"""Render the packages for CI services from ``integrations/inputs.yml`` and the templates beside them.

``python scripts/render_integrations.py`` writes what differs; ``--check`` writes nothing and fails when something
does. A template ``integrations/templates/PACKAGE/PATH.j2`` becomes ``integrations/PACKAGE/PATH``. Blocks are written
``[% … %]`` and values ``[[ … ]]``, so that the CI services' own ``{{ }}``, ``${{ }}`` and ``<< >>`` stay as they are.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import jinja2
import msgspec

ROOT: Final = Path(__file__).resolve().parent.parent
INTEGRATIONS: Final = ROOT / "integrations"
TEMPLATES: Final = INTEGRATIONS / "templates"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A setting as it stands in ``inputs.yml``; see the head of that file."""

    name: str
    variable: str
    meaning: str
    default: str = ""
    secret: bool = False
    names: dict[str, str] = {}
    not_applicable: dict[str, str] = {}


class Inputs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``inputs.yml``: the packages with their titles, and the settings."""

    packages: dict[str, str]
    settings: list[Entry]


class Setting(msgspec.Struct, frozen=True):
    """A setting as one package has it.

    Attributes:
        name: the package's own spelling.
        variable: what it becomes.
        meaning: Markdown, one line; other settings are named as this package spells them.
        default: what holds when it is not given.
        secret: whether it comes from the CI's store of secrets.
    """

    name: str
    variable: str
    meaning: str
    default: str
    secret: bool


def load(path: Path = INTEGRATIONS / "inputs.yml") -> Inputs:
    """Read the settings.

    Args:
        path: the file.

    Raises:
        msgspec.ValidationError: a field is misspelt or missing.
        ValueError: a package is named that there is not.
    """
    inputs = msgspec.yaml.decode(path.read_bytes(), type=Inputs)
    for entry in inputs.settings:
        unknown = {*entry.names, *entry.not_applicable} - set(inputs.packages)
        if unknown:
            raise ValueError(f"{path.name}: {entry.name} names packages that there are not: {sorted(unknown)}.")
    return inputs


def settings_of(inputs: Inputs, package: str) -> list[Setting]:
    """Give the settings that a package has, in the file's order.

    Args:
        inputs: every setting.
        package: a key of ``inputs.packages``.
    """
    entries = [entry for entry in inputs.settings if package not in entry.not_applicable]
    names = {entry.name: entry.names.get(package, entry.name) for entry in entries}

    def meaning(text: str) -> str:
        for name, own in names.items():
            text = text.replace(f"`{name}`", f"`{own}`")
        return " ".join(text.split())

    return [
        Setting(
            name=names[entry.name], variable=entry.variable, meaning=meaning(entry.meaning), default=entry.default,
            secret=entry.secret,
        )
        for entry in entries
    ]  # fmt: skip


def rendered(inputs: Inputs, templates: Path = TEMPLATES) -> Iterator[tuple[Path, str]]:
    """Render every template.

    Args:
        inputs: every setting.
        templates: the folder of templates.

    Yields:
        The path below ``integrations`` and the file's text.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates), undefined=jinja2.StrictUndefined, autoescape=False,  # noqa: S701
        block_start_string="[%", block_end_string="%]", variable_start_string="[[", variable_end_string="]]",
        comment_start_string="[#", comment_end_string="#]", trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    environment.globals["file"] = _file
    environment.globals["version"] = _version()
    for path in sorted(templates.rglob("*.j2")):
        name = path.relative_to(templates)
        if name.name.startswith("_"):  # macros
            continue
        package = name.parts[0]
        template = environment.get_template(name.as_posix())
        text = template.render(
            package=package, title=inputs.packages[package], settings=settings_of(inputs, package),
            not_applicable={e.name: e.not_applicable[package] for e in inputs.settings if package in e.not_applicable},
        )  # fmt: skip
        yield name.with_suffix(""), text


def _file(path: str) -> str:
    """Give the text of a file below ``integrations``, without its last line feed."""
    return (INTEGRATIONS / path).resolve().read_text(encoding="utf-8").removesuffix("\n")


def _version() -> str:
    """Read the version where it stands, without importing the package."""
    names: dict[str, str] = {}
    exec((ROOT / "exlogare_ci" / "__about__.py").read_text(encoding="utf-8"), names)  # noqa: S102 - our own file
    return names["__version__"]


def differences(files: Mapping[Path, str]) -> list[Path]:
    """Name the files that are not as they would be rendered.

    Args:
        files: path below ``integrations`` to text.
    """
    return [path for path, text in files.items() if not _same(INTEGRATIONS / path, text)]


def _same(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main() -> int:
    """Write, or check, the rendered files."""
    parser = argparse.ArgumentParser(description="Render the packages for CI services.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a file differs")
    check = parser.parse_args().check
    files = dict(rendered(load()))
    changed = differences(files)
    for path in changed:
        print(f"{'differs' if check else 'wrote'}: integrations/{path.as_posix()}")
        if not check:
            target = INTEGRATIONS / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(files[path], encoding="utf-8")
            if files[path].startswith("#!"):
                target.chmod(0o755)
    # CircleCI's orb is packed from rendered files.
    packing = [sys.executable, str(ROOT / "scripts" / "pack_orb.py"), *(["--check"] if check else [])]
    packed = subprocess.run(packing, check=False).returncode
    return 1 if check and (changed or packed) else 0


if __name__ == "__main__":
    sys.exit(main())
