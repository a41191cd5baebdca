"""How a source stands, since when, and what people were told of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Word = sa.String(32)
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "source_health",
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("judged_at", Moment, nullable=False),
        sa.Column("told", Word, nullable=True),
        sa.ForeignKeyConstraint(["source"], ["source.slug"], name=op.f("fk_source_health_source")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_health")),
    )


def downgrade() -> None:
    op.drop_table("source_health")
