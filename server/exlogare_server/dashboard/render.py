"""Pages from templates: escaped always, and a name that a template misspells is an error, not a blank."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote, quote_plus

import jinja2
import msgspec

from exlogare_ci.__about__ import __version__
from exlogare_server.auth.sessions import Person
from exlogare_server.dashboard import categories, charts, links, navigation, words
from exlogare_server.dashboard.assets import Assets
from exlogare_server.dashboard.messages import Message

_FOLDER: Final = Path(__file__).parent / "templates"


class Shell(msgspec.Struct, frozen=True, kw_only=True):
    """What stands around every page.

    Attributes:
        person: who is signed in; ``None`` for nobody.
        csrf: goes into every form (the macro ``csrf``).
        section: which link of the navigation is the present one; empty for none.
        message: what was done just now.
        theme: ``light`` or ``dark`` when the reader chose one, else empty.
        now: the present time, aware, in UTC.
    """

    person: Person | None
    csrf: str
    section: str
    message: Message | None
    theme: str
    now: datetime

    @property
    def entries(self) -> tuple[navigation.Entry, ...]:
        """The links of the navigation."""
        return () if self.person is None else navigation.entries_for(self.person.role)

    @property
    def may_write(self) -> bool:
        """Whether the person may change things: viewers only read."""
        return self.person is not None and self.person.role != "viewer"

    @property
    def is_admin(self) -> bool:
        """Whether the person is an owner or an admin."""
        return self.person is not None and self.person.role in ("owner", "admin")


class Renderer:
    """Makes pages.

    Args:
        assets: the static files, for their addresses.
    """

    def __init__(self, assets: Assets) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_FOLDER),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
        )
        self._templates.filters.update(words.FILTERS, category=categories.name)
        self._templates.globals.update(
            asset=assets.address,
            version=__version__,
            query=query,
            project_address=project_address,
            spark=charts.spark,
            share=charts.share,
            meter=charts.meter,
            daily=charts.daily,
            commit_address=links.commit_address,
        )

    def page(self, template: str, shell: Shell, **values: object) -> str:
        """Make a page.

        Args:
            template: the name of a file in ``templates/``.
            shell: what stands around it.
            values: what the template shows.
        """
        return self._templates.get_template(template).render(shell=shell, **values)


def query(**parameters: object) -> str:
    """Write the query part of an address, with its question mark; what is ``None`` or empty is left out."""
    given = [f"{name}={_quoted(str(value))}" for name, value in parameters.items() if value not in (None, "")]
    return f"?{'&'.join(given)}" if given else ""


# A page has some hundred links whose values are mostly those of the page before.
@lru_cache(maxsize=4_096)
def _quoted(text: str) -> str:
    return quote_plus(text)


def project_address(project: str) -> str:
    """Give the address of a project's page.

    Browsers fold ``.``, ``..`` and empty parts of a path away; a project named so has its list instead.
    """
    if any(part in ("", ".", "..") for part in project.split("/")):
        return f"/analyses{query(project=project)}"
    return f"/projects/{quote(project, safe='/')}"
