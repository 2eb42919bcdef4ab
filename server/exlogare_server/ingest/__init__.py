"""Logs in: validation, identity, analysis in memory, and what is kept of it. No SQL, no HTTP."""
