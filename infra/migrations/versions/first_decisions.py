"""The decisions, and the turns of the switch."""

import sqlalchemy as sa
from alembic import op

revision = "first_decisions"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "decisions",
        sa.Column("player", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("arm", sa.String(64), nullable=False),
        sa.Column("difficulty", sa.Float, nullable=False),
        sa.Column("because", sa.Text, nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("ix_decisions_decided_at", "decisions", ["decided_at"])
    op.create_table(
        "switch_turns",
        sa.Column("turn", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adapting", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    """Drop both tables, and what was decided with them."""
    op.drop_table("switch_turns")
    op.drop_table("decisions")
