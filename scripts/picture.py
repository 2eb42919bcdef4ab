"""Draw what the demo really prints: run it in a terminal of its own, and turn what it wrote into an SVG file.

``picture.py FILE.svg``, or ``make picture``. What differs from run to run (the temporary folder, the port,
the token, the checkout's path) is replaced first, so that a new picture differs only where the demo does.
"""

import fcntl
import io
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
COLUMNS: Final = 116
LINES: Final = 50
READ_BYTES: Final = 65536

# What differs from run to run, and what stands for it in the picture.
VOLATILE: Final = (
    (re.compile(re.escape(sys.executable)), "python3"),
    (re.compile(re.escape(str(ROOT))), "~/exlogare"),
    (re.compile(r"/\S*exlogare-demo-\w+"), "~/demo"),
    (re.compile(r"127\.0\.0\.1:[1-9]\d*"), "127.0.0.1:8080"),
    (re.compile(r"exl_\S{8}…"), "exl_a1b2c3d4…"),
)


def record_demo() -> str:
    """Run the demo in a pseudo-terminal and return all that it wrote, colour codes included.

    Raises:
        SystemExit: the demo did not end with 0; with what it wrote.
    """
    terminal, inside = pty.openpty()
    fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
    env = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS)}
    env.pop("NO_COLOR", None)
    demo = subprocess.Popen(
        [sys.executable, str(ROOT / "scripts" / "demo.py")],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env=env,
        cwd=ROOT,
    )
    os.close(inside)
    written = io.BytesIO()
    while True:
        try:
            piece = os.read(terminal, READ_BYTES)
        except OSError:  # Linux reports the last writer's end of a terminal as an input/output error.
            break
        if not piece:
            break
        written.write(piece)
    os.close(terminal)
    text = written.getvalue().decode("utf-8", "replace").replace("\r\n", "\n")
    if demo.wait() != 0:
        sys.exit(f"{text}\nThe demo ended with exit code {demo.returncode}, so there is no picture.")
    return text


def middle_part(text: str) -> str:
    """Cut out what a developer sees in the job, and the server's list; the rest would make the picture too long.

    Raises:
        SystemExit: the demo no longer has these parts.
    """
    lines = text.splitlines(keepends=True)
    starts = [at for at, line in enumerate(lines) if "2. A build that really fails" in line]
    ends = [at for at, line in enumerate(lines) if "$ exl analyses show" in line]
    if not starts or not ends:
        sys.exit("The demo's headings have changed: adapt middle_part() in scripts/picture.py.")
    return "".join(lines[starts[0] : ends[0]])


def draw(text: str, title: str) -> str:
    """Turn terminal output into an SVG document that loads nothing from elsewhere.

    Args:
        text: what was written, ANSI colour codes included.
        title: what stands in the window's title bar.
    """
    from rich.console import Console  # noqa: PLC0415 - only where something is drawn
    from rich.text import Text  # noqa: PLC0415

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(text.strip("\n")))
    svg = console.export_svg(title=title, unique_id="demo")
    # rich embeds the address of a web font; without it the reader's own monospace font is used.
    return re.sub(r"@font-face\s*\{[^}]*\}|<!--.*?-->", "", svg)


def main(path: Path) -> None:
    """Write the picture of the demo's middle part: the build, its root cause, and what the server knows."""
    text = middle_part(record_demo())
    for pattern, stand_in in VOLATILE:
        text = pattern.sub(stand_in, text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draw(text, "make demo"), encoding="utf-8")
    print(f"Drew {path}")


if __name__ == "__main__":
    if len(sys.argv) != len(("picture.py", "file")):
        sys.exit("usage: picture.py FILE.svg")
    main(Path(sys.argv[1]))
