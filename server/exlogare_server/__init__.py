"""The reference server: takes build logs in, finds their root cause in memory, keeps the analysis."""
