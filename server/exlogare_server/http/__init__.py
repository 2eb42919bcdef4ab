"""Falcon resources and middleware; HTTP status codes live here and nowhere else."""
