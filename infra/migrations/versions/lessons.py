"""What the bandit learned."""

import sqlalchemy as sa
from alembic import op

revision = "lessons"
down_revision = "trials_and_exposures"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "lessons",
        sa.Column("player", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("stayed", sa.Boolean, primary_key=True),
        sa.Column("choice", sa.Integer, nullable=False),
    )
    op.create_index("ix_lessons_choice_stayed", "lessons", ["choice", "stayed"])


def downgrade() -> None:
    """Drop it, and with it what was learned."""
    op.drop_table("lessons")
