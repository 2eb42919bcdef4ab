"""``python -m exlogare_ci`` is ``exl``."""

from exlogare_ci.cli import entry

if __name__ == "__main__":
    entry()
