"""The engine: the raw log as bytes in, its root cause out. No files, no network, no clock."""

from exlogare_ci.analysis.engine import analyze

__all__ = ["analyze"]
