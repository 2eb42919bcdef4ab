"""Chromium for pictures and tests: the machine's own, without anything that would ask the network."""

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from playwright.sync_api import Browser, sync_playwright

PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
# No sandbox of its own in a container as root; the rest turns off what talks to its maker.
_FLAGS: Final = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--font-render-hinting=none", "--force-color-profile=srgb",
)  # fmt: skip


# For pictures that look alike on every machine that has the font; others take what they have.
_FONTS: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{rules}
</fontconfig>
"""
_RULE: Final = """<match target="pattern"><test name="family"><string>{name}</string></test>
<edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


class _Threads(WSGIServer):
    # A browser keeps several connections open; each may wait.
    daemon_threads = True

    def process_request(self, request: Any, client_address: Any) -> None:
        """Serve on a thread."""
        threading.Thread(target=self._serve, args=(request, client_address), daemon=True).start()

    def _serve(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except (BrokenPipeError, ConnectionResetError):  # the browser went elsewhere
            pass
        finally:
            self.shutdown_request(request)


@contextmanager
def served(application: Any) -> Iterator[str]:
    """Serve a WSGI application of this process on loopback until the block ends; give its address."""
    with make_server("127.0.0.1", 0, application, server_class=_Threads, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser until the block ends.

    Raises:
        FileNotFoundError: there is none on this machine.
    """
    path = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if path is None:
        raise FileNotFoundError(f"None of {', '.join(PROGRAMS)} is installed; on Debian: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fonts = Path(folder) / "fonts.conf"
        rules = (_RULE.format(name=name) for name in ("sans", "sans-serif", "system-ui"))
        fonts.write_text(_FONTS.format(rules="\n".join(rules)), encoding="utf-8")
        env: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS), env=env)
        try:
            yield browser
        finally:
            browser.close()
