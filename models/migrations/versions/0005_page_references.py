"""Indexes by which the store sees who needs a page: without them dropping one reads whole tables."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = (
    ("page_fetch", "digest"),
    ("candidate", "page"),
    ("article", "page"),
    ("article_version", "page"),
    ("quarantine", "page"),
)


def upgrade() -> None:
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in reversed(INDEXES):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
