"""Where a list page led on to, so that a quiet night can look at the page behind an unchanged first one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("source_list", sa.Column("onward", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("source_list", "onward")
