"""Part of the reference server."""
