"""The scanner that masking uses: Hyperscan, or the plain substitute where it cannot be loaded.

Reasons not to load it: no wheel for the platform, a compiled library that lacks another one, a processor without the
instructions that it needs.
"""

from typing import TYPE_CHECKING

__all__ = ["hyperscan"]

if TYPE_CHECKING:
    import hyperscan
else:
    try:
        import hyperscan
    except (ImportError, OSError):
        from exlogare_ci.analysis import plain_scan as hyperscan
