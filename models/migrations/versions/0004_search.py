"""The search index: an entry per article, and its words in what each database has for finding words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Hash = sa.String(64)
Moment = sa.DateTime(timezone=True)
Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

# SQLite: the index alone (no copy of the words, no places). Eight pieces of it are merged at a time rather than four:
# a quarter less to write for each article.
SQLITE = (
    "CREATE VIRTUAL TABLE search_words USING fts5(words, content='', columnsize=0, detail='none', tokenize='ascii')",
    "INSERT INTO search_words(search_words, rank) VALUES ('automerge', 8)",
)
# PostgreSQL: no statistics of words. Search does not leave it to the planner how they are found, and gathering them
# means to read the words of 30,000 entries, 300 MB, each time that a tenth of the entries is new.
POSTGRES = (
    "CREATE TABLE search_words (number bigint PRIMARY KEY, words tsvector NOT NULL)",
    "ALTER TABLE search_words ALTER COLUMN words SET STATISTICS 0",
    "CREATE INDEX ix_search_words_words ON search_words USING gin (words)",
)


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("number", Number, autoincrement=False, nullable=False),
        sa.Column("article", Hash, nullable=False),
        sa.Column("story", Hash, nullable=False),
        sa.Column("relevant", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("medium", sa.Text(), nullable=True),
        sa.Column("region_code", sa.String(32), nullable=True),
        sa.Column("topics", Json, nullable=False),
        sa.Column("first_seen_at", Moment, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.id"], name=op.f("fk_search_entry_article")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_search_entry")),
    )
    op.create_index("ix_search_entry_article", "search_entry", ["article"], unique=True)
    op.create_index("ix_search_entry_first_seen_at", "search_entry", ["first_seen_at"], unique=False)
    for statement in POSTGRES if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("search_words")
    op.drop_table("search_entry")
