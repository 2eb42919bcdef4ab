"""A container engine with the packages' images in it, built once for all the tests that a worker runs.

Whoever uses it also says ``pytest.mark.xdist_group("container")``: one worker builds, and runs every test on it.
"""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.integrations.containers import BASE_IMAGE, Engine
from tests.integrations.snippets import ROOT

IMAGE_OF: Final = {name: f"localhost/exlogare-test-{name}" for name in ("generic", "drone", "bitbucket")}
"""Package to the name of its image."""


class Images:
    """A container engine, and the images that were asked for.

    Attributes:
        engine: the engine.
        base: the image that ours are built on; it has Python and a shell.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.base = BASE_IMAGE
        self._built: set[str] = set()
        engine.make_base()

    def of(self, package: str) -> str:
        """Give the name of a package's image, built from this checkout."""
        if package not in self._built:
            self.engine.build(ROOT / "integrations" / package / "Containerfile", ROOT, IMAGE_OF[package])
            self._built.add(package)
        return IMAGE_OF[package]


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """The packages' images, built when they are asked for, on a base made of Debian packages."""
    engine = Engine(tmp_path_factory.mktemp("containers"))
    try:
        yield Images(engine)
    finally:
        engine.remove_everything()
