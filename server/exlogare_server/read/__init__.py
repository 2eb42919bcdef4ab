"""Analyses out: one, and pages of them. No SQL, no HTTP."""
