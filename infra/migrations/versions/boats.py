"""Whose boat is whose."""

import sqlalchemy as sa
from alembic import op

revision = "boats"
down_revision = "lessons"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "boats",
        sa.Column("player", sa.String(64), primary_key=True),
        sa.Column("key_sha256", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    """Drop it: every boat is then anybody's who comes first."""
    op.drop_table("boats")
