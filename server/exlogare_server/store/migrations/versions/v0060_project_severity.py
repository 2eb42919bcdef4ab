"""One more index: a project's analyses of one severity, which a list would otherwise look for among all of its own."""

from alembic import op

revision = "0060"
down_revision = "0050"


def upgrade() -> None:
    """Make it."""
    op.create_index(
        "ix_analyses_tenant_id_project_severity_created_at_us_id",
        "analyses",
        ["tenant_id", "project", "severity", "created_at_us", "id"],
    )
