"""The trials that were run, and who was exposed to which arm."""

import sqlalchemy as sa
from alembic import op

revision = "trials_and_exposures"
down_revision = "first_decisions"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "trial_turns",
        sa.Column("turn", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(64), nullable=True),
        sa.Column("trial", sa.Text, nullable=True),
    )
    op.create_table(
        "exposures",
        sa.Column("trial", sa.String(64), primary_key=True),
        sa.Column("player", sa.String(64), primary_key=True),
        sa.Column("arm", sa.String(64), nullable=False),
        sa.Column("playerkind", sa.String(16), nullable=False),
        sa.Column("exposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rounds_before", sa.Integer, nullable=False),
        sa.Column("rounds", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Drop both tables, and what was counted with them."""
    op.drop_table("exposures")
    op.drop_table("trial_turns")
