"""Keeping and letting go: retention and export. No SQL, no HTTP."""
