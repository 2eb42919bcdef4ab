"""The one conftest at the top: pytest takes ``pytest_plugins`` from nowhere else."""

pytest_plugins = ["tests.plugins.skips", "tests.plugins.engines", "tests.plugins.images", "pytester"]
